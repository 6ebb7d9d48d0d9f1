"""Makes a database as another program of the same schema would: four tables,
one account, tweets, and tokens sealed by the cryptography package.

usage: foreign_database.py DATABASE KEY ACCESS_TOKEN REFRESH_TOKEN [unseal]

With "unseal" it prints the tokens of the first account instead."""

import hashlib
import sqlite3
import sys

from cryptography.fernet import Fernet

SCHEMA = """
CREATE TABLE api_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key_hash TEXT UNIQUE NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    is_active BOOLEAN DEFAULT 1
);
CREATE TABLE twitter_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT UNIQUE NOT NULL,
    access_token TEXT NOT NULL,
    access_token_secret TEXT,
    refresh_token TEXT,
    status TEXT DEFAULT 'active',
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME
);
CREATE TABLE tweet (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    twitter_account_id INTEGER NOT NULL,
    content TEXT NOT NULL,
    status TEXT DEFAULT 'pending',
    twitter_id TEXT,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    posted_at DATETIME,
    FOREIGN KEY (twitter_account_id) REFERENCES twitter_account (id)
);
CREATE TABLE oauth_state (
    state TEXT PRIMARY KEY,
    code_verifier TEXT NOT NULL,
    created_at DATETIME NOT NULL
);
"""


def make(connection, fernet, access, refresh):
    def seal(text):
        return fernet.encrypt(text.encode()).decode()

    connection.executescript(SCHEMA)
    digest = hashlib.sha256(b"key-of-the-other-program").hexdigest()
    connection.execute("INSERT INTO api_key (key_hash) VALUES (?)", (digest,))
    connection.execute(
        "INSERT INTO twitter_account (username, access_token, refresh_token)"
        " VALUES (?, ?, ?)", ("foreign", seal(access), seal(refresh)))
    connection.executemany(
        "INSERT INTO tweet (twitter_account_id, content, status, twitter_id, posted_at)"
        " VALUES (1, ?, ?, ?, ?)", [
            ("waiting", "pending", None, None),
            ("long gone", "posted", "1400000000000000000", "2021-06-01 12:00:00"),
            ("never", "failed", None, None),
        ])
    connection.commit()


def unseal(connection, fernet):
    row = connection.execute(
        "SELECT access_token, refresh_token FROM twitter_account ORDER BY id").fetchone()
    for token in row:
        print(fernet.decrypt(token.encode()).decode())


def main():
    database, key, access, refresh, *mode = sys.argv[1:]
    with sqlite3.connect(database) as connection:
        if mode == ["unseal"]:
            unseal(connection, Fernet(key.encode()))
        else:
            make(connection, Fernet(key.encode()), access, refresh)
    connection.close()


main()
