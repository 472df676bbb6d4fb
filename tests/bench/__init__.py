"""What the hot paths cost, beside a view that does nothing: `make bench` prints it."""
