"""Scratch, until accounts exist."""
from itertools import count
import pytest
from datetime import datetime, UTC
from sqlalchemy import text
from core import tokens
from core.ids import uuid7
from tests.fixtures.api import Person

@pytest.fixture
def register(app, client, settings):
    numbers = count(1)
    async def register(**fields):
        n = next(numbers)
        uid, tid, sid, aid = uuid7(), uuid7(), uuid7(), uuid7()
        email = fields.get("email", f"person{n}@example.com")
        async with app.state.database.begin() as c:
            for sql in (
                "insert into users (id,email,name,password_hash,timezone,email_verified_at) values (:u,:e,'P','x',:z,now())",
                "insert into teams (id,name,personal_of) values (:t,'personal',:u)",
                "insert into memberships (team_id,user_id,role) values (:t,:u,'owner')",
                "insert into addresses (id,user_id,kind,sealed_value,value_hash,shown_value,verified_at) values (:a,:u,'email','x',cast(:e as bytea),:e,now())",
                "insert into sessions (id,user_id) values (:s,:u)"):
                p = {"u":uid,"t":tid,"s":sid,"a":aid,"e":email,"z":fields.get("timezone")}
                sql2 = sql.replace("cast(:e as bytea)", "convert_to(:e,'UTF8')")
                used = {k:v for k,v in p.items() if f":{k}" in sql2}
                await c.execute(text(sql2), used)
        tok = tokens.issue(settings, tokens.Claims(uid, sid, 1), datetime.now(UTC))
        return Person(client, {"id":str(uid),"email":email}, {"access_token":tok}, str(tid))
    return register
