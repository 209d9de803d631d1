"""Reading for anybody; the inbox and the writing for editors."""
