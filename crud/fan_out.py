"""The statements that fire: from due reminders to occurrences to deliveries, whatever the number of recipients.

`FAN_OUT` continues a WITH list that has defined `opened` (team_id, id of the occurrences just written) and
`audience`: for each of them its id as occurrence_id, scheduled_for, and whom its reminder names. What waits for
everybody's own clock is written in `crud/fan_out_local.py`.
"""

# `moved` returns these, so that the audience is that of the very version that was claimed.
REMINDER_COLUMNS = """
    r.team_id, r.id, r.version, r.created_by, r.channels,
    r.audience_kind, r.audience_user_ids, r.audience_roles, r.audience_address_ids
"""

NAMED = "created_by, channels, audience_kind, audience_user_ids, audience_roles, audience_address_ids"

# For few occurrences.
_AUDIENCE = f"""
audience as (
    select o.team_id, o.id as occurrence_id, o.scheduled_for, {NAMED}
      from opened o join moved r on r.team_id = o.team_id and r.id = o.reminder_id
)
"""

# Whom an occurrence reaches, by which channel and address, and what is in the way.
REACHED = """
people as (
    select o.team_id, o.occurrence_id, o.scheduled_for, ms.user_id,
           case when cardinality(o.channels) = 0 then u.preferred_channels else o.channels end as channels
      from audience o
      join memberships ms on ms.team_id = o.team_id
       and case o.audience_kind
               when 'team' then true
               when 'creator' then ms.user_id = o.created_by
               when 'users' then ms.user_id = any(o.audience_user_ids)
               when 'roles' then ms.role = any(o.audience_roles)
               else false
           end
      join users u on u.id = ms.user_id and u.status = 'active'
),
personal as (
    select p.team_id, p.occurrence_id, p.scheduled_for, c.channel, p.user_id, null::uuid as address_team_id,
           a.id as address_id, a.next_allowed_at,
           case when a.id is null then 'no_address' when a.verified_at is null then 'unverified' end as gap
      from people p
     cross join lateral unnest(p.channels) as c (channel)
      left join addresses a on a.user_id = p.user_id and a.kind = c.channel
       and a.deleted_at is null and a.disabled_at is null
),
named as (
    select o.team_id, o.occurrence_id, o.scheduled_for, a.kind as channel, a.user_id,
           a.team_id as address_team_id, a.id as address_id, a.next_allowed_at,
           case when a.verified_at is null then 'unverified' end as gap
      from audience o
      join addresses a on a.id = any(o.audience_address_ids)
       and a.deleted_at is null and a.disabled_at is null
     where a.team_id = o.team_id
        or exists (select from memberships ms join users u on u.id = ms.user_id and u.status = 'active'
                    where ms.team_id = o.team_id and ms.user_id = a.user_id)
),
reached as (select * from personal union all select * from named)
"""

FAN_OUT = f"""
{REACHED},
written as (
    insert into deliveries
        (team_id, occurrence_id, channel, user_id, address_team_id, address_id, status, reason, deliver_at, give_up_at)
    select team_id, occurrence_id, channel, user_id, address_team_id, address_id,
           case when gap is null then 'pending' else 'suppressed' end, gap,
           greatest(scheduled_for, next_allowed_at), now() + interval '7 days'
      from reached
        on conflict do nothing
    returning team_id, occurrence_id, channel, status
)
"""

# Channels that have something to send, and the occurrences that reach nobody: a row that shows a gap is nobody, and
# so is one whose local time does not exist, because it does for somebody whenever an occurrence is opened.
OUTCOME = """
select (select coalesce(array_agg(distinct channel), '{}') from written where status = 'pending') as channels,
       (select count(*) from written where status = 'pending') as deliveries,
       (select count(*) from opened) as opened,
       (select coalesce(array_agg(o.id), '{}') from opened o
         where not exists (select from written w where w.team_id = o.team_id and w.occurrence_id = o.id
                              and w.status <> 'suppressed')) as unreached
"""

LOCK_DUE = """
select r.team_id, r.id, r.schedule, r.next_run_at, r.next_local, r.planned_from, r.catch_up, r.max_lateness,
       cardinality(r.audience_address_ids) + case
           when r.audience_kind in ('team', 'roles')
           then (select count(*) from memberships m where m.team_id = r.team_id)
           else cardinality(r.audience_user_ids) + 1
       end as reach
  from reminders r
 where r.status = 'active' and r.next_run_at <= $1
 order by r.next_run_at
 limit $2
   for update of r skip locked
"""

WRITE_CLAIM = f"""
with moves as (
    select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[])
        as m (team_id, id, next_run_at, last_run_at, status)
),
moved as (
    update reminders r
       set next_run_at = m.next_run_at, last_run_at = coalesce(m.last_run_at, r.last_run_at), status = m.status
      from moves m
     where r.team_id = m.team_id and r.id = m.id
    returning {REMINDER_COLUMNS}
),
fires as (
    select * from unnest($6::uuid[], $7::uuid[], $8::timestamptz[], $9::int[])
        as f (team_id, reminder_id, scheduled_for, missed)
),
planned as materialized (
    select uuidv7() as occurrence_id, f.team_id, f.reminder_id, f.scheduled_for, f.missed, r.version, {NAMED}
      from fires f join moved r on r.team_id = f.team_id and r.id = f.reminder_id
),
opened as (
    insert into occurrences (team_id, id, reminder_id, scheduled_for, reminder_version, missed)
    select team_id, occurrence_id, reminder_id, scheduled_for, version, missed from planned
        on conflict do nothing
    returning team_id, id
),
-- A join with `opened` would loop over both: what an INSERT returns is always estimated as a row or two.
-- “IS TRUE” keeps the subquery a hash table.
audience as (select p.* from planned p where (p.occurrence_id in (select id from opened)) is true),
{FAN_OUT}
{OUTCOME}
"""

EXPIRE = """
insert into occurrences (team_id, reminder_id, scheduled_for, reminder_version, status, reason)
select e.team_id, e.reminder_id, e.scheduled_for, r.version, 'expired', e.reason
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]) as e (team_id, reminder_id, scheduled_for, reason)
  join reminders r on r.team_id = e.team_id and r.id = e.reminder_id
    on conflict do nothing
"""

_OPEN_ONE = """
opened as (
    insert into occurrences (team_id, reminder_id, scheduled_for, reminder_version, status, scheduled_local)
    select r.team_id, r.id, $3, r.version, $4, $5::timestamp from moved r
        on conflict do nothing
    returning team_id, id, reminder_id, scheduled_for
)
"""
_ONE = f"with moved as (select {REMINDER_COLUMNS} from reminders r where r.team_id = $1 and r.id = $2), {_OPEN_ONE}"
FIRE_ONE = f"{_ONE}, {_AUDIENCE}, {FAN_OUT} {OUTCOME}"
SKIP_ONE = f"{_ONE} select 1 from opened"

# Told in the place of others: beside what the same person was to get anyway, of which a gap is not shown twice.
STAND_IN = f"""
{REACHED},
written as (
    insert into deliveries
        (team_id, occurrence_id, channel, kind, seq, user_id, address_team_id, address_id, status, reason,
         deliver_at, give_up_at)
    select r.team_id, r.occurrence_id, r.channel, 'substitute',
           1 + (select coalesce(max(d.seq), 0) from deliveries d
                 where d.team_id = r.team_id and d.occurrence_id = r.occurrence_id and d.kind = 'substitute'),
           r.user_id, r.address_team_id, r.address_id,
           case when r.gap is null then 'pending' else 'suppressed' end, r.gap,
           greatest(r.scheduled_for, r.next_allowed_at), greatest(now(), r.scheduled_for) + interval '7 days'
      from reached r
     where r.gap is null
        or not exists (select from deliveries d where d.team_id = r.team_id and d.occurrence_id = r.occurrence_id
                          and d.user_id = r.user_id and d.channel = r.channel and d.status = 'suppressed')
        on conflict do nothing
    returning team_id, occurrence_id, channel, status
)
"""


def reachable(person: str) -> str:
    """Return the condition that a person, named by an SQL expression, can be told about a reminder `r`."""
    return f"""
exists (select from memberships m
          join users u on u.id = m.user_id and u.status = 'active'
          join addresses a on a.user_id = u.id and a.kind = any(u.preferred_channels)
           and a.verified_at is not null and a.deleted_at is null and a.disabled_at is null
         where m.team_id = r.team_id and m.user_id = {person})
"""


# Nobody to send to: its creator is told in everybody's place, if still there and in reach, else the owners.
TELL_CREATOR = f"""
with opened as (
    update occurrences o set status = 'closed', reason = 'no_recipient', updated_at = now()
      from unnest($1::uuid[]) as u (id)
     where o.id = u.id and o.status = 'open' and o.team_id = any($2::uuid[])
    returning o.team_id, o.id, o.reminder_id, o.scheduled_for
),
moved as (
    select r.team_id, r.id, r.version, r.created_by, '{{}}'::text[] as channels,
           case when {reachable("r.created_by")} then 'creator' else 'roles' end as audience_kind,
           r.audience_user_ids, '{{owner}}'::text[] as audience_roles, '{{}}'::uuid[] as audience_address_ids
      from reminders r join opened o on o.team_id = r.team_id and o.reminder_id = r.id
),
{_AUDIENCE},
{STAND_IN}
{OUTCOME}
"""
