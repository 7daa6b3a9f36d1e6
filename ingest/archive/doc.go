// Package archive reads mail that lies in files: an mbox, a Maildir, a folder of .eml files, one mail,
// or an mbox that comes through a pipe.
//
// Walk finds out what a path is and hands over its mails one by one:
//
//   - an mbox (or one mail) from the standard input
//     a file         an mbox when it begins with "From ", otherwise one mail
//     a Maildir      a folder with cur and new; then its subfolders, .Name (Maildir++) and Name alike
//     a folder       every .eml in it and below it, and whatever else looks like mail or an mbox
//
// What it promises:
//
//   - Memory does not grow with the archive: buffers are used again, an mbox is read once from front to
//     end, and a mail above Options.MaxMessage comes as its beginning, marked Truncated. Only the names
//     of one folder's files are held, because they are sorted.
//   - A mail comes byte for byte as it lies there. From an mbox the quoting of "From " lines is taken
//     back as mboxrd has it (one ">" less), so what was written as mboxrd is read back equal.
//   - A mail is handed over whole or not at all: what breaks off in a failing read is not handed over.
//   - One odd file does not stop the others: it is handed over as an Item with Err set.
//   - Nothing outside the named folder is read: symbolic links below it are reported, not followed.
//   - Nothing is changed, neither contents nor names nor flags.
//
// An mbox has no length fields that could be trusted (Content-Length of mboxcl lies in forwarded and
// edited mail), so it is split at its "From " lines; see splitter. We do this ourselves because the
// libraries split at any such line or none, and keep the quoting.
//
// To support another spelling of the "From " line, add a case to TestPostmark and then to postmark. To
// support another format, teach sniff to recognise it by its content, never by its name alone.
package archive
