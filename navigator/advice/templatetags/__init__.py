"""Tags and filters of pages about advice."""
