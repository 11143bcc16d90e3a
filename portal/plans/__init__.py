"""Annual plans (kế hoạch hoạt động đối ngoại năm) and their items."""
