"""What collaboration does when others report something."""
