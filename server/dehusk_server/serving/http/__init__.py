"""The HTTP door: the same cleaning as JSON, health and metrics for those who do not speak gRPC."""
