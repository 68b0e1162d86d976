"""What happens: conversations, threads, cascades, the crisis; one module for each kind."""
