package config

import (
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// CheckFiles looks at what the configuration points to: secret files are there, hold something and
// are closed to others (a warning), environment variables are set, ca_file holds certificates,
// templates_dir is a folder, and a state_dir that exists is a private one. It reads the disk as it
// is now; secrets never show in a Problem.
func (c *Config) CheckFiles() []Problem {
	f := &fileCheck{c: c}
	inline := false
	for i, m := range c.Mailboxes {
		f.server(m.IMAP.Server, fmt.Sprintf("mailboxes[%d].imap", i))
		f.server(m.SMTP.Server, fmt.Sprintf("mailboxes[%d].smtp", i))
		inline = inline || m.IMAP.Password != "" || m.SMTP.Password != ""
	}
	for i, con := range c.Connectors {
		f.connector(con, fmt.Sprintf("connectors[%d]", i))
		inline = inline || con.URL != "" || con.Secret != ""
	}
	f.secret(c.LLM.APIKeyFile, "llm.api_key_file")
	f.folder(c.TemplatesDir, "templates_dir", false)
	f.folder(c.StateDir, "state_dir", true)
	if info, err := os.Stat(c.file); inline && c.file != "" && err == nil {
		f.private(info, c.file, "", "the file holds a password and")
	}
	return inOrder(f.problems, c.file)
}

type fileCheck struct {
	c        *Config
	problems []Problem
}

func (f *fileCheck) add(path, what, instead string, warning bool) {
	f.problems = append(f.problems, Problem{Position: f.c.At(path), What: what, Instead: instead, Warning: warning})
}

func (f *fileCheck) server(s Server, path string) {
	f.secret(s.PasswordFile, path+".password_file")
	f.secret(s.AccessTokenFile, path+".access_token_file")
	if s.PasswordEnv != "" && os.Getenv(s.PasswordEnv) == "" {
		f.add(path+".password_env", "the environment variable "+s.PasswordEnv+" is not set", "export it, or use password_file", false)
	}
	if s.CAFile == "" {
		return
	}
	data, err := readFile(s.CAFile)
	if err != nil {
		f.add(path+".ca_file", "ca_file: "+err.Error(), "", false)
	} else if block, _ := pem.Decode(data); block == nil || block.Type != "CERTIFICATE" {
		f.add(path+".ca_file", "ca_file "+quoted(s.CAFile)+" holds no PEM certificate", "write the path of a file that starts with -----BEGIN CERTIFICATE-----", false)
	}
}

func (f *fileCheck) secret(file, path string) {
	if file == "" {
		return
	}
	info, err := os.Stat(file)
	if err != nil {
		f.add(path, last(path)+": "+err.Error(), "make the file, readable by the user that triaged runs as", false)
		return
	}
	data, err := readFile(file)
	switch {
	case err != nil:
		f.add(path, last(path)+": "+err.Error(), "make it readable by the user that triaged runs as", false)
	case strings.TrimSpace(string(data)) == "":
		f.add(path, last(path)+" "+quoted(file)+" is empty", "put the secret in it", false)
	case strings.ContainsAny(strings.TrimSpace(string(data)), "\r\n"):
		f.add(path, last(path)+" "+quoted(file)+" holds more than one line", "leave nothing but the secret in it", true)
		fallthrough
	default:
		f.private(info, file, path, last(path)+" "+quoted(file)+" holds a secret and")
	}
}

// private warns of a file that others can read.
func (f *fileCheck) private(info fs.FileInfo, file, path, what string) {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		f.add(path, fmt.Sprintf("%s is open to others (mode %04o)", what, mode), "chmod 600 "+file, true)
	}
}

func (f *fileCheck) folder(dir, path string, mayBeMissing bool) {
	if dir == "" {
		return
	}
	info, err := os.Stat(dir)
	switch {
	case err != nil && mayBeMissing && os.IsNotExist(err):
	case err != nil:
		f.add(path, path+": "+err.Error(), "write the path of a folder", false)
	case !info.IsDir():
		f.add(path, path+" "+quoted(dir)+" is not a folder", "write the path of a folder", false)
	case path == "state_dir" && info.Mode().Perm()&0o077 != 0:
		f.add(path, fmt.Sprintf("state_dir %s is open to others (mode %04o)", quoted(dir), info.Mode().Perm()), "chmod 700 "+dir, true)
	}
}
