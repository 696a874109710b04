"""The engine that checks, reads and writes tables, and their specifications by stage."""
