"""The statements of `crud/fan_out.py` for occurrences on everybody's own clock.

What each zone gets is computed in Python and comes with each occurrence as JSON: by zone a list of `seq`, `due_at`,
`status` and `reason`. It is looked up by occurrence and zone rather than joined: a join would loop over both sides,
because what comes out of the steps before is always estimated as a row or two (3.4 s instead of 0.2 s for 500
reminders). A batch without such reminders runs none of this.
"""

from crud.fan_out import NAMED, OUTCOME, REACHED, REMINDER_COLUMNS

# Whoever changes zone waits for the claim; only a process of the version before does not, and then a zone may be
# missing among the places: 26 hours after the first zone is never early.
_WRITTEN = """
places as materialized (select jsonb_object_agg(occurrence_id, places) as of_occurrence from planned),
clocked as (
    select a.*, coalesce(u.timezone, t.timezone) as timezone
      from reached a join teams t on t.id = a.team_id left join users u on u.id = a.user_id
),
written as (
    insert into deliveries
        (team_id, occurrence_id, channel, seq, user_id, address_team_id, address_id, status, reason,
         timezone, due_at, deliver_at, give_up_at)
    select r.team_id, r.occurrence_id, r.channel, coalesce(p.seq, 1), r.user_id, r.address_team_id, r.address_id,
           case when r.gap is null then coalesce(p.status, 'pending') else 'suppressed' end, coalesce(r.gap, p.reason),
           r.timezone, p.due_at,
           greatest(coalesce(p.due_at, r.scheduled_for + case when p.status is null then interval '26 hours'
                                                              else interval '0' end), r.next_allowed_at),
           greatest(now(), p.due_at) + interval '7 days'
      from clocked r
     cross join lateral jsonb_to_recordset(
               coalesce((select of_occurrence from places) -> r.occurrence_id::text -> r.timezone, '[{}]'))
           as p (seq int, due_at timestamptz, status text, reason text)
        on conflict do nothing
    returning team_id, occurrence_id, channel, status
)
"""

WRITE_LOCAL_CLAIM = f"""
with moves as (
    select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::timestamp[],
                         $7::text[])
        as m (team_id, id, next_run_at, last_run_at, status, next_local, next_zone)
),
moved as (
    update reminders r
       set next_run_at = m.next_run_at, last_run_at = coalesce(m.last_run_at, r.last_run_at), status = m.status,
           next_local = m.next_local, next_zone = m.next_zone
      from moves m
     where r.team_id = m.team_id and r.id = m.id
    returning {REMINDER_COLUMNS}
),
fires as (
    select * from unnest($8::uuid[], $9::uuid[], $10::timestamptz[], $11::int[], $12::timestamp[], $13::text[])
        as f (team_id, reminder_id, scheduled_for, missed, scheduled_local, places)
),
planned as materialized (
    select uuidv7() as occurrence_id, f.team_id, f.reminder_id, f.scheduled_for, f.missed, f.scheduled_local,
           f.places::jsonb as places, r.version, {NAMED}
      from fires f join moved r on r.team_id = f.team_id and r.id = f.reminder_id
),
opened as (
    insert into occurrences (team_id, id, reminder_id, scheduled_for, reminder_version, missed, scheduled_local)
    select team_id, occurrence_id, reminder_id, scheduled_for, version, missed, scheduled_local from planned
        on conflict do nothing
    returning team_id, id
),
audience as (select p.* from planned p where (p.occurrence_id in (select id from opened)) is true),
{REACHED},
{_WRITTEN}
{OUTCOME}
"""

EXPIRE_LOCAL = """
insert into occurrences (team_id, reminder_id, scheduled_for, reminder_version, status, reason, scheduled_local)
select e.team_id, e.reminder_id, e.scheduled_for, r.version, 'expired', e.reason, e.scheduled_local
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::timestamp[])
    as e (team_id, reminder_id, scheduled_for, reason, scheduled_local)
  join reminders r on r.team_id = e.team_id and r.id = e.reminder_id
    on conflict do nothing
"""

# The zones of everybody whom some reminders name, and of their teams. Addresses that rest count as well: whoever has
# one back must not find that it is too late. Computed once per team where the audience is a team or roles.
ZONES = """
with wanted as (
    select r.* from reminders r
      join unnest($1::uuid[], $2::uuid[]) as w (team_id, id) on r.team_id = w.team_id and r.id = w.id
),
clocks as materialized (
    select ms.team_id, ms.user_id, ms.role, coalesce(u.timezone, t.timezone) as timezone
      from (select distinct team_id from wanted) w
      join teams t on t.id = w.team_id
      join memberships ms on ms.team_id = t.id
      join users u on u.id = ms.user_id and u.status = 'active'
),
shared as (select distinct team_id, role, timezone from clocks)
select w.id, s.timezone, false as of_team from wanted w
  join shared s on s.team_id = w.team_id
   and (w.audience_kind = 'team' or (w.audience_kind = 'roles' and s.role = any(w.audience_roles)))
 union
select w.id, c.timezone, false from wanted w
  join clocks c on c.team_id = w.team_id
   and case w.audience_kind when 'users' then c.user_id = any(w.audience_user_ids)
                            when 'creator' then c.user_id = w.created_by else false end
 union
select w.id, coalesce(u.timezone, t.timezone), false from wanted w
  join teams t on t.id = w.team_id
  join addresses a on a.id = any(w.audience_address_ids)
  left join users u on u.id = a.user_id
 where a.team_id = w.team_id
    or exists (select from memberships ms where ms.team_id = w.team_id and ms.user_id = a.user_id)
 union
select w.id, t.timezone, true from wanted w join teams t on t.id = w.team_id
"""

# The seconds that occurrences of some reminders bear already, from an instant on.
TAKEN = """
select o.reminder_id, o.scheduled_for
  from unnest($1::uuid[], $2::uuid[]) as w (team_id, id)
  join occurrences o on o.team_id = w.team_id and o.reminder_id = w.id and o.scheduled_for >= $3
"""
