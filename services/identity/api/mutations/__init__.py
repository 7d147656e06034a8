"""What can be done: mutations by room. Each builds a command, calls the application and shows the outcome."""
