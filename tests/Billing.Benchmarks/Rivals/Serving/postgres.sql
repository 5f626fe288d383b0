-- One database of a team that bills on PostgreSQL: every admit is one call of one function.

CREATE TABLE workspaces (
  id text PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0),
  entries bigint NOT NULL
) WITH (fillfactor = 50); -- room for the next version of a row in its own page: no index entry, pruned by the next reader

CREATE TABLE operations (
  workspace_id text NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  generation_id text NOT NULL,
  PRIMARY KEY (workspace_id, key)
);

CREATE TABLE generations (
  id text PRIMARY KEY,
  workspace_id text NOT NULL,
  status text NOT NULL,
  template_id text NOT NULL,
  resolution text NOT NULL,
  duration integer NOT NULL,
  cost bigint NOT NULL,
  credits_left bigint NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE ledger (
  workspace_id text NOT NULL,
  entry bigint NOT NULL,
  generation_id text NOT NULL,
  credits bigint NOT NULL,
  balance bigint NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, entry)
);

-- The balance comes late, because what comes after it runs under the row's lock. Whoever sends the same key at the same time waits
-- at the first insert until the other has committed.
CREATE FUNCTION admit(
  of_workspace text, of_key text, of_fingerprint bytea, new_generation text, of_template text, of_resolution text, of_duration integer, of_cost bigint,
  OUT outcome text, OUT generation text, OUT credits_left bigint, OUT admitted_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
  entry_number bigint;
BEGIN
  INSERT INTO operations VALUES (of_workspace, of_key, of_fingerprint, new_generation) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    SELECT CASE WHEN o.fingerprint = of_fingerprint THEN 'repeated' ELSE 'reused' END, g.id, g.credits_left, g.created_at
      INTO outcome, generation, credits_left, admitted_at
      FROM operations o JOIN generations g ON g.id = o.generation_id
      WHERE o.workspace_id = of_workspace AND o.key = of_key;
    RETURN;
  END IF;

  outcome := 'admitted';
  generation := new_generation;
  admitted_at := now();
  UPDATE workspaces SET balance = balance - of_cost, entries = entries + 1
    WHERE id = of_workspace AND balance >= of_cost
    RETURNING balance, entries INTO credits_left, entry_number;
  IF NOT FOUND THEN
    -- Takes the operation back with it.
    RAISE EXCEPTION USING ERRCODE = 'P0402', MESSAGE = 'The balance is too low.';
  END IF;

  INSERT INTO generations VALUES (
    generation, of_workspace, 'running', of_template, of_resolution, of_duration, of_cost, credits_left, admitted_at, admitted_at + interval '1 hour');
  INSERT INTO ledger VALUES (of_workspace, entry_number, generation, -of_cost, credits_left, admitted_at);
END $$;
