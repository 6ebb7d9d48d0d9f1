"""app.py - the main calls as a Flask that stays in memory gives them.

What `make bench` compares with: an open connection for each worker, the indexes
and the journal that our programs made, commits as durable as theirs, no ORM,
the key compared and no more.
"""

import hmac
import os
import sqlite3
from datetime import datetime, timezone

from flask import Flask, abort, jsonify, request

app = Flask(__name__)
db = sqlite3.connect(
    os.environ["DATABASE"], timeout=30, isolation_level=None, check_same_thread=False
)
db.row_factory = sqlite3.Row
db.execute("PRAGMA synchronous = FULL")
db.execute("PRAGMA foreign_keys = ON")

TWEETS = (
    "SELECT t.id, t.twitter_account_id AS account_id, a.username, t.content AS text,"
    " t.status, t.twitter_id, t.created_at, t.posted_at, t.scheduled_at"
    " FROM tweet t LEFT JOIN twitter_account a ON a.id = t.twitter_account_id"
)


@app.before_request
def check_key():
    if request.path == "/api/v1/health":
        return
    if not hmac.compare_digest(request.headers.get("X-API-Key", ""), os.environ["API_KEY"]):
        abort(401)


@app.get("/api/v1/health")
def health():
    return jsonify(status="healthy", timestamp=datetime.now(timezone.utc).isoformat())


@app.get("/api/v1/accounts")
def accounts():
    rows = db.execute(
        "SELECT id, username, status, created_at, mock FROM twitter_account"
        " ORDER BY id DESC LIMIT ?",
        (int(request.args.get("limit", 50)),),
    )
    return jsonify(accounts=[dict(row) for row in rows])


@app.post("/api/v1/tweet")
def create():
    body = request.get_json()
    text = body["text"]
    if not isinstance(text, str) or not 0 < len(text) <= 280:
        abort(400)
    db.execute("BEGIN IMMEDIATE")
    try:
        account = db.execute(
            "SELECT id, username FROM twitter_account WHERE id = ?", (body["account_id"],)
        ).fetchone()
        if not account:
            abort(404)
        tweet = db.execute(
            "INSERT INTO tweet (twitter_account_id, content) VALUES (?, ?)", (account["id"], text)
        ).lastrowid
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return jsonify(tweet_id=tweet, account_id=account["id"], username=account["username"]), 201


@app.get("/api/v1/tweets")
def tweets():
    per_page = int(request.args.get("per_page", 50))
    page = int(request.args.get("page", 1))
    total = db.execute("SELECT count(*) FROM tweet").fetchone()[0]
    rows = db.execute(
        TWEETS + " ORDER BY t.id DESC LIMIT ? OFFSET ?", (per_page, (page - 1) * per_page)
    )
    return jsonify(tweets=[dict(row) for row in rows], total=total, page=page, per_page=per_page)


@app.get("/api/v1/tweets/<int:tweet>")
def one(tweet):
    row = db.execute(TWEETS + " WHERE t.id = ?", (tweet,)).fetchone()
    if not row:
        abort(404)
    return jsonify(dict(row))


@app.get("/api/v1/stats")
def stats():
    counts = dict(db.execute("SELECT status, count(*) FROM tweet GROUP BY status").fetchall())
    accounts_by = dict(
        db.execute("SELECT status, count(*) FROM twitter_account GROUP BY status").fetchall()
    )
    return jsonify(tweets=counts, accounts=accounts_by)
