"""The register of regulations: every rule in words, its versions, how a new one is enacted."""
