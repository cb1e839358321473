"""With this file here, pytest finds the helpers of this folder for the folders below it, too."""
