package ingest

func replyText(marked, subject string) string { return cleanText(withoutMarks.Replace(marked), 1<<20) }
