"""What people can ask collaboration to show. No query marks anything as viewed."""
