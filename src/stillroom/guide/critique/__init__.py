"""What readers say of a page: taken in, kept from spam, read by editors only, and without its names after a while."""
