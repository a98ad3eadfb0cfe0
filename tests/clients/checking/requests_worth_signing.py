"""What is hard to sign: strange keys, queries and headers."""

KEYS = {
    "plain": "plain.txt",
    "space": "two words  and more.txt",
    "plus": "one+one.txt",
    "percent": "100%25 % sure%2Ftxt",
    "ampersand": "a&b=c;d",
    "question-mark": "what? why?",
    "hash": "#1 # 2",
    "tilde": "~user/a~b",
    "quotes": "it's \"quoted\" `so`",
    "brackets": "a(b)[c]{d}<e>|\\^",
    "marks": "!$*,:@",
    "chinese": "目录/对象.txt",
    "nfc": "caf\u00e9.txt",
    "nfd": "cafe\u0301.txt",
    "emoji": "\U0001f980/\U0001f469\u200d\U0001f4bb.txt",
    "double-slash": "a//b///c",
    "leading-slash": "/a",
    "dot-segments": "a/./b/c.d/...",
    "trailing-slash": "folder/",
    "control": "line\nfeed\ttab",
    "all": "a b+c/中文 ~'()*&=@,;:$?#%.txt",
}

QUERIES = {
    "valueless": "acl",
    "empty-value": "prefix=&marker=",
    "both": "uploads&prefix=&delimiter=%2F",
    "list": "list-type=2&prefix=a%20b%2F%E4%B8%AD&max-keys=10&start-after=a%2Bb",
    "version": "versionId=MTg0NDUxNTc1NjIzMTQ1MDAwODg",
    "disposition": "response-content-disposition=attachment%3B%20filename%3D%22a%20b%2Bc.txt%22"
                   "&response-content-type=text%2Fplain%3B%20charset%3Dutf-8",
    "upper-case": "Zeta=1&alpha=2&Beta=3",
    "part": "partNumber=2&uploadId=1585130821cbb7df1d11846c073ad648e8f33b087cec2381df437acdc833cf654b9ecc6361",
    "processing": "imageMogr2%2Fthumbnail%2F%21r50p",
}

# One value for each name is all that the vendor's signer knows.
REPEATED_QUERIES = {"repeated": "tag=2&tag=1&tag=10", "repeated-with-empty": "a&a=1&a="}

HEADERS = {
    "metadata": [("x-amz-meta-one", "1"), ("x-amz-meta-two", "two words")],
    "vendor-metadata": [("x-cos-meta-one", "a b/c+d=e&f%"), ("x-cos-storage-class", "STANDARD_IA")],
    "range": [("Range", "bytes=0-99")],
    "content": [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "max-age=60, public"),
                ("Content-Disposition", "attachment; filename*=UTF-8''%E4%B8%AD.txt")],
    "conditions": [("If-None-Match", '"abc"'), ("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT")],
}

REPEATED_HEADERS = {
    "repeated": [("x-amz-meta-many", "2"), ("x-amz-meta-many", "1")],
    "inner-spaces": [("x-amz-meta-spaces", "a   b  c"), ("x-amz-meta-empty", "")],
}
