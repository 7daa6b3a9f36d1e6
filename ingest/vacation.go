package ingest

func vacationKind(r *reading) (Kind, string) { return "", "" }
