"""What students move and click: choices, figure, widgets."""
