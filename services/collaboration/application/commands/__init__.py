"""What people can ask collaboration to do, one use case per file."""
