"""The audit log (nhật ký hệ thống): append-only, hash-linked, written in the same transaction."""
