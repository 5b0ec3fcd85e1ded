"""An invented dialogue, told as commands: nobody and nothing in it exists, and nothing of it was ever said."""
