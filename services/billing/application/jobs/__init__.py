"""What billing does by itself, round after round. Each may run in several workers at once; what fails is set aside."""
