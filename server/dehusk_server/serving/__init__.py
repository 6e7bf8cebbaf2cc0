"""The service: the contract's calls over the engine."""
