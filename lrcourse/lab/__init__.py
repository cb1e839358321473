"""The student's side of JupyterLab: the workspace, and how it is opened."""
