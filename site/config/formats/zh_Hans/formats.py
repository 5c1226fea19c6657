"""Chinese dates with a space between number and word, as in the texts."""

DATE_FORMAT = "Y 年 n 月 j 日"
