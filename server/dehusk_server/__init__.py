"""The cleaning engine and the service around it."""
