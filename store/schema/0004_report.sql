-- What a report of days asks: threads closed since, and the mails that did not leave, with the reason.
CREATE INDEX thread_closed ON thread(closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX event_unsent ON event(at) WHERE (what >= 'withheld ' AND what < 'withheld!'
  OR what IN ('ack failed','ack bounced','mail failed','mail bounced','mail to the team failed'));
