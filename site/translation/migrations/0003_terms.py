"""The field's terms as the published text says them. Editors change them in the admin from here on."""

from typing import Any

from django.db import migrations

# term, also written, note, then for each language: preferred, also accepted, forbidden. One a line.
TERMS: list[tuple[str, str, str, dict[str, tuple[str, str, str]]]] = [
    (
        "carrier",
        "",
        "Brings parcels.",
        {"zh-hans": ("承运商", "承运", ""), "ja": ("運送会社", "運送業者", "キャリア")},
    ),
    (
        "chargeback",
        "",
        "The buyer's bank takes a payment back after the sale; not a declined card.",
        {"zh-hans": ("拒付", "", "退单\n撤单"), "ja": ("チャージバック", "", "支払い拒否\n支払拒否")},
    ),
    (
        "consumption tax",
        "",
        "Japan's.",
        {"zh-hans": ("消费税", "", "消费税金"), "ja": ("消費税", "", "売上税")},
    ),
    (
        "conversion rate",
        "",
        "Orders for each viewer or visitor.",
        {"zh-hans": ("转化率", "", "转换率"), "ja": ("コンバージョン率", "", "変換率\n転換率")},
    ),
    (
        "creator",
        "",
        "Somebody with an audience of their own who shows goods of others.",
        {"zh-hans": ("达人", "创作者", "网红"), "ja": ("クリエイター", "", "創作者")},
    ),
    (
        "customs",
        "",
        "The authority, and what it does with a parcel.",
        {"zh-hans": ("海关", "报关\n清关", ""), "ja": ("税関", "通関", "海関")},
    ),
    (
        "de minimis",
        "",
        "The relief for parcels of small value.",
        {"zh-hans": ("小额", "", "最低限度"), "ja": ("少額", "デミニミス", "最小限度額")},
    ),
    (
        "declined card",
        "declined payment\ncross-border decline",
        "The payment does not go through, before the sale; not a chargeback.",
        {"zh-hans": ("扣款失败", "", "拒绝付款"), "ja": ("承認拒否", "", "カード拒絶")},
    ),
    (
        "disclosure",
        "",
        "Saying that something is advertising, or who the seller is.",
        {"zh-hans": ("披露", "公示", "揭露"), "ja": ("表示", "", "ディスクロージャー")},
    ),
    (
        "flat duty",
        "",
        "A fixed amount, whatever the value.",
        {"zh-hans": ("定额", "", "统一关税\n平税"), "ja": ("定額", "", "フラット関税")},
    ),
    (
        "hashtag",
        "",
        "",
        {"zh-hans": ("话题标签", "", "井号标签\n哈希标签"), "ja": ("ハッシュタグ", "", "ハッシュ・タグ")},
    ),
    (
        "knock-out",
        "",
        "A rule that closes a market to a product, whatever its score.",
        {"zh-hans": ("一票否决", "", "淘汰\n敲除"), "ja": ("販売不可", "", "ノックアウト\n足切り")},
    ),
    (
        "landed cost",
        "",
        "What a product costs at the buyer's door: price, delivery, duty, tax, handling.",
        {"zh-hans": ("落地成本", "", "到岸成本\n着陆成本"), "ja": ("ランデッドコスト", "総費用", "陸揚げ費用\n着地コスト")},
    ),
    (
        "live commerce",
        "",
        "Selling in a live video, the trade as a whole.",
        {"zh-hans": ("直播电商", "直播带货", "现场商务\n实时商务"), "ja": ("ライブコマース", "", "ライブ・コマース\n生中継通販")},
    ),
    (
        "live show",
        "live stream\nlivestream",
        "One broadcast in which goods are sold.",
        {"zh-hans": ("直播", "", "现场秀\n实况秀"), "ja": ("ライブ配信", "ライブ販売\n配信", "生放送\nライブショー")},
    ),
    (
        "own shop",
        "own-shop",
        "The seller's own website with a checkout.",
        {"zh-hans": ("独立站", "", "自有商店"), "ja": ("自社EC", "自社", "自分の店舗")},
    ),
    (
        "own-brand show",
        "",
        "A show on the seller's own account.",
        {"zh-hans": ("品牌自播", "", "自有品牌秀"), "ja": ("自社配信", "", "自社ブランドショー")},
    ),
    (
        "pillar",
        "",
        "A group of criteria of the score.",
        {"zh-hans": ("维度", "", "支柱"), "ja": ("柱", "", "ピラー")},
    ),
    (
        "refund",
        "",
        "",
        {"zh-hans": ("退款", "", "返款"), "ja": ("返金", "", "払い戻し\n払戻し")},
    ),
    (
        "responsible person",
        "",
        "Who answers for a product in the EU, by its product safety law.",
        {"zh-hans": ("责任人", "", "负责人员"), "ja": ("責任者", "", "担当責任人")},
    ),
    (
        "return rate",
        "",
        "The share of orders that come back.",
        {"zh-hans": ("退货率", "", "回报率\n返货率"), "ja": ("返品率", "", "リターン率\n返却率")},
    ),
    (
        "right of withdrawal",
        "right to withdraw\nwithdrawal right\nwithdrawal period",
        "A consumer's right to give an online purchase back without a reason.",
        {"zh-hans": ("撤回", "", "撤销权\n退出权"), "ja": ("撤回", "", "取消権\n撤退権")},
    ),
    (
        "suitability score",
        "",
        "This site's score of how well a product suits live selling.",
        {"zh-hans": ("适合度评分", "", "适宜性分数"), "ja": ("適性スコア", "", "適合度得点")},
    ),
    (
        "tariff subheading",
        "",
        "The six-digit level of the customs nomenclature.",
        {"zh-hans": ("税则子目", "", "关税小标题"), "ja": ("号（サブヘディング）", "号", "関税小見出し")},
    ),
    (
        "themed show",
        "",
        "A show built on an interest, such as anime.",
        {"zh-hans": ("主题直播", "", "主题秀"), "ja": ("テーマ型配信", "", "テーマショー")},
    ),
    (
        "VAT",
        "value added tax",
        "",
        {"zh-hans": ("增值税", "", "附加价值税"), "ja": ("VAT", "付加価値税", "増値税")},
    ),
    (
        "verdict",
        "",
        "What the score comes to in words: strong, promising, weak.",
        {"zh-hans": ("结论", "", "判决\n裁决"), "ja": ("判定", "", "評決\n判決")},
    ),
]  # fmt: skip


def add_terms(apps: Any, schema_editor: Any) -> None:
    """Adds what is not there yet."""
    term_model = apps.get_model("translation", "Term")
    wording_model = apps.get_model("translation", "TermWording")
    for name, also, note, wordings in TERMS:
        term, created = term_model.objects.get_or_create(name=name, defaults={"also": also, "note": note})
        if not created:
            continue
        for language, (preferred, accepted, forbidden) in wordings.items():
            wording_model.objects.create(
                term=term, language=language, preferred=preferred, accepted=accepted, forbidden=forbidden
            )


class Migration(migrations.Migration):
    dependencies = [("translation", "0002_glossary")]
    operations = [migrations.RunPython(add_terms, migrations.RunPython.noop)]
