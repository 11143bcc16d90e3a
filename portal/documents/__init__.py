"""Dossier files: stored by content hash outside the web root, checked, served as attachments."""
