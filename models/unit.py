"""Units of published numbers: the code of the base unit, and the Chinese word for it."""

UNITS = {
    "academy": "所", "alliance": "个", "article": "条", "base": "家", "branch": "个",
    "case": "件", "centre": "个", "challenge": "项", "college": "所", "component": "项",
    "contest": "项", "country": "国", "criterion": "项", "detachment": "家", "document": "份",
    "enterprise": "家", "entity": "家", "industry": "个", "institution": "个", "item": "项",
    "level": "级", "measure": "条", "member": "家", "mode": "种", "party": "方", "patent": "项",
    "percent": "%", "person": "人", "person_time": "人次", "platform": "个", "project": "项",
    "province": "个", "rank": "位", "section": "个", "session": "场", "stage": "个",
    "station": "个", "studio": "个", "team": "个", "tier": "级", "union": "家", "unit": "家",
    "venue": "家", "year": "年", "yuan": "元", "zone": "个",
}  # fmt: skip
