"""What readers ask for: views that keep time, and the one way through which acts are executed."""
