"""Words for generated rows: invented people, plausible trips."""

from __future__ import annotations

from typing import Final

FAMILY: Final = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
    "Dương", "Lý", "Alăng", "Zơrâm",
)  # fmt: skip
MIDDLE: Final = (
    "Văn", "Thị", "Đức", "Minh", "Thanh", "Quốc", "Ngọc", "Hữu", "Thu", "Xuân", "Kim", "Hoàng",
)  # fmt: skip
GIVEN: Final = (
    "An", "Bình", "Châu", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hiếu", "Hòa", "Huy",
    "Khánh", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Phúc", "Phương", "Quân", "Sơn", "Tâm",
    "Thảo", "Thắng", "Trang", "Tú", "Uyên", "Việt", "Vinh", "Yến",
)  # fmt: skip
POSITIONS: Final = (
    "Thủ trưởng", "Phó thủ trưởng", "Chánh văn phòng", "Trưởng phòng", "Phó trưởng phòng",
    "Chuyên viên",
)  # fmt: skip
KINDS: Final = ("Sở", "Ủy ban nhân dân huyện", "Hội", "Ban", "Trung tâm", "Trường Cao đẳng")
PLACES: Final = (
    "Nam Giang", "Tây Giang", "Phước Sơn", "Thăng Bình", "Duy Xuyên", "Điện Bàn", "Tiên Phước",
    "Núi Thành", "Quế Sơn", "Đại Lộc", "Hiệp Đức",
)  # fmt: skip
FIELDS: Final = (
    "economy", "culture", "education", "health", "environment", "justice", "party", "general",
)  # fmt: skip
TOPICS: Final = (
    "Xúc tiến đầu tư và thương mại", "Giao lưu văn hóa", "Học tập kinh nghiệm du lịch cộng đồng",
    "Tham dự hội thảo biến đổi khí hậu", "Tham dự hội chợ nông sản", "Trao đổi đào tạo nghề",
    "Làm việc về hợp tác biên giới", "Khảo sát công nghệ xử lý nước thải", "Ký kết hợp tác y tế",
    "Quảng bá di sản Hội An và Mỹ Sơn", "Tập huấn quản lý tài chính công", "Thăm kiều bào",
)  # fmt: skip
OCCASIONS: Final = (
    "theo lời mời của chính quyền địa phương", "trong khuôn khổ tuần lễ văn hóa",
    "nhân kỷ niệm quan hệ ngoại giao", "theo chương trình hợp tác thường niên",
    "trong dự án hỗ trợ kỹ thuật", "và làm việc với hội người Việt",
)  # fmt: skip
PURPOSE: Final = "Trao đổi kinh nghiệm quản lý và thúc đẩy hợp tác giữa hai địa phương."
COUNTRIES: Final = {
    "LA": "Lào", "JP": "Nhật Bản", "KR": "Hàn Quốc", "CN": "Trung Quốc", "TH": "Thái Lan",
    "SG": "Singapore", "DE": "Đức", "FR": "Pháp", "US": "Hoa Kỳ", "AU": "Úc", "CU": "Cuba",
    "IS": "Iceland", "BT": "Bhutan",
}  # fmt: skip
WEIGHTED_COUNTRIES: Final = (
    ["LA"] * 250 + ["JP"] * 150 + ["KR"] * 150 + ["CN"] * 120 + ["TH"] * 100 + ["SG"] * 80
    + ["DE"] * 50 + ["FR"] * 40 + ["US"] * 40 + ["AU"] * 15 + ["CU"] * 4 + ["IS"]
)  # fmt: skip
RARE: Final = ("MM", "KH", "MY", "ID", "PH", "BE", "NL", "CZ")
