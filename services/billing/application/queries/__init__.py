"""What billing can be asked. Queries change nothing: opening a document marks nothing as viewed."""
