package guard

import (
	"net/netip"
	"strings"
	"testing"
)

func TestOnlyPublicAddressesAreConnectedTo(t *testing.T) {
	t.Parallel()
	for what, addrs := range map[string]string{
		"private":              "10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1",
		"loopback":             "127.0.0.1 127.8.8.8 ::1",
		"link-local":           "169.254.1.1 fe80::1 fe80::1%eth0 febf::1",
		"unique local":         "fc00::1 fdff::1",
		"site-local":           "fec0::1",
		"shared":               "100.64.0.1 100.127.255.255",
		"multicast":            "224.0.0.1 239.255.255.255 ff02::1",
		"broadcast, reserved":  "255.255.255.255 240.0.0.1",
		"unspecified":          "0.0.0.0 0.1.2.3 ::",
		"mapped into IPv6":     "::ffff:10.0.0.1 ::ffff:127.0.0.1 ::ffff:169.254.169.254",
		"compatible with IPv4": "::7f00:1 ::10.0.0.1",
		"behind NAT64":         "64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808",
		"in 6to4 or Teredo":    "2002:7f00:1:: 2002:808:808:: 2001:0:4136:e378:8000:63bf:3fff:fdd2",
		"metadata of clouds":   "169.254.169.254 169.254.170.2 fd00:ec2::254 100.100.100.200 192.0.0.192 168.63.129.16",
		"documentation":        "192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1 3fff::1",
		"benchmarks":           "198.18.0.1 198.19.255.255",
	} {
		for a := range strings.FieldsSeq(addrs) {
			if Public(netip.MustParseAddr(a)) {
				t.Errorf("Public(%s) = true, but it is %s", a, what)
			}
		}
	}
	for a := range strings.FieldsSeq("1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.1.1.1 128.0.0.1 169.253.1.1 172.15.0.1 172.32.0.1 192.167.1.1 223.255.255.255 2606:4700::1 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8") {
		if !Public(netip.MustParseAddr(a)) {
			t.Errorf("Public(%s) = false, but anybody may reach it", a)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

func TestAnInternalTargetIsMetOnlyWhereItIsListed(t *testing.T) {
	t.Parallel()
	allowed, err := ParseAllowed([]string{"10.1.0.0/16", "::ffff:192.168.1.1", "Chat.Internal.example.", "localhost", "169.254.9.9"})
	if err != nil {
		t.Fatal(err)
	}
	check := func(host, ip string, want bool) {
		t.Helper()
		if got := allowed.Permits(host, netip.MustParseAddr(ip)); got != want {
			t.Errorf("Permits(%s, %s) = %t, want %t", host, ip, got, want)
		}
	}
	check("any.example", "8.8.8.8", true)
	check("any.example", "10.1.200.3", true)
	check("any.example", "::ffff:10.1.2.3", true)
	check("any.example", "10.2.0.1", false)
	check("any.example", "192.168.1.1", true)
	check("any.example", "192.168.1.2", false)
	check("chat.internal.example", "10.9.9.9", true)
	check("chat.internal.example", "fd12::1", true)
	check("evil.chat.internal.example", "10.9.9.9", false)
	check("chat.internal.example", "169.254.169.254", false) // a name never leads to a metadata service
	check("chat.internal.example", "fd00:ec2::254", false)
	check("chat.internal.example", "100.100.100.200", false)
	check("chat.internal.example", "0.0.0.0", false)
	check("chat.internal.example", "224.0.0.1", false)
	check("localhost", "127.0.0.1", true)
	check("any.example", "169.254.9.9", true) // written out by the operator
	for _, bad := range []string{"", "http://x", "10.0.0.0/33", "a b"} {
		if _, err := ParseAllowed([]string{bad}); err == nil {
			t.Errorf("ParseAllowed(%q) says nothing", bad)
		}
	}
}

func TestWhatAnAddressLooksLikeIsCheckedWithoutTheNetwork(t *testing.T) {
	t.Parallel()
	var none Allowed
	for _, bad := range []string{
		"http://127.0.0.1/", "https://[::1]:8443/", "http://localhost/", "http://a.localhost./", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest",
		"http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.0.0x1/", "http://1/",
		"ftp://example.com/", "example.com/x", "", "http://", "http:///x", "http://[fe80::1%25eth0]/", "http://0/",
	} {
		if err := Check(bad, none, "some.allow_internal"); err == nil {
			t.Errorf("Check(%q) = nil, want a refusal", bad)
		}
	}
	for _, good := range []string{"https://hooks.example.com/x", "http://8.8.8.8/", "https://[2606:4700::1]/", "https://x1.example/1", "https://bücher.example/"} {
		if err := Check(good, none, "some.allow_internal"); err != nil {
			t.Errorf("Check(%q) = %v, want nil", good, err)
		}
	}
	err := Check("http://10.0.0.7/hunter2?k=hunter3", none, "alerts.allow_internal")
	if err == nil || !strings.Contains(err.Error(), "alerts.allow_internal: [10.0.0.7]") || strings.Contains(err.Error(), "hunter") {
		t.Errorf("Check = %v, want the key to write, and no part of the path", err)
	}
}
