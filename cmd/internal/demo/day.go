package demo

import "fmt"

// scene is one mail of the day.
type scene struct {
	title string
	from  string   // envelope sender; empty is the null path <>
	to    []string // envelope recipients
	mail  letter
	// answers is whose last mail from us this one answers; empty for nobody's.
	answers string
}

// letter is the mail of the scene, written now: a reply needs the mail it answers.
func (s scene) letter(w *world) (letter, error) {
	if s.answers == "" {
		return s.mail, nil
	}
	had := w.reached(s.answers)
	if len(had) == 0 {
		return letter{}, fmt.Errorf("%s has had no mail that could be answered", s.answers)
	}
	return s.mail.reply(had[len(had)-1]), nil
}

const (
	support = "support@" + domain
	billing = "billing@" + domain
)

// day is what happens, in its order.
func day() []scene {
	return []scene{
		{
			title: "A customer's shop is down", from: "dana@acme.example", to: []string{support},
			mail: letter{
				id: "<shop-is-down@acme.example>", from: "Dana Whitfield <dana@acme.example>", to: support,
				subject: "Checkout is down, nobody can pay",
				body: "Hello,\n\nour checkout has been down since this morning. All customers see\n" +
					"error 500, and we are losing orders every minute.\n\nPlease call me.\n\nDana\n",
			},
		},
		{
			title: "A stranger has a question", from: "sam@willow.example", to: []string{support},
			mail: letter{
				id: "<question@willow.example>", from: "Sam Okafor <sam@willow.example>", to: support,
				subject: "How do I change the logo on our invoices?",
				body:    "Hi there,\n\nI could not find this in the manual. No hurry at all.\n\nThanks, Sam\n",
			},
		},
		{
			title: "The first customer answers our acknowledgement", from: "dana@acme.example", to: []string{support},
			answers: "dana@acme.example",
			mail: letter{
				id: "<more-about-the-shop@acme.example>", from: "Dana Whitfield <dana@acme.example>", to: support,
				subject: "Re: ", quoted: true,
				body: "It began with this morning's update. We have restarted twice, no change.\n",
			},
		},
		{
			title: "The stranger's out-of-office answers it, too", from: "", to: []string{support},
			answers: "sam@willow.example",
			mail: letter{
				id: "<away-4711@willow.example>", from: "Sam Okafor <sam@willow.example>", to: support,
				subject: "Automatic reply: ", header: "Auto-Submitted: auto-replied\n",
				body: "I am out of the office until Monday. For anything urgent, ask Robin.\n",
			},
		},
		{
			title: "One mail to two of our addresses", from: "priya@birch.example", to: []string{billing, support},
			mail: letter{
				id: "<billed-twice@birch.example>", from: "Priya Nair <priya@birch.example>", to: billing + ", " + support,
				subject: "We were charged twice in October",
				body:    "Hello,\n\nwe were charged twice for October. Please refund the second payment.\n\nPriya Nair\nBirch Bank\n",
			},
		},
		{
			title: "A newsletter", from: "bounces@news.example", to: []string{support},
			mail: letter{
				id: "<issue-212@news.example>", from: "Cloud Weekly <editor@news.example>", to: support,
				subject: "Is your site down? Ten tools that tell you first",
				header:  "List-Id: Cloud Weekly <weekly.news.example>\nList-Unsubscribe: <https://news.example/bye>\n",
				body:    "This week: outages, and how to survive them.\n",
			},
		},
		{
			title: "A bounce of a mail that we never sent", from: "", to: []string{support},
			mail: letter{
				id: "<dsn-99@mx.elsewhere.example>", from: "Mail Delivery System <MAILER-DAEMON@mx.elsewhere.example>", to: support,
				subject: "Undelivered Mail Returned to Sender",
				header:  "Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=dsn\n",
				body: "--dsn\nContent-Type: text/plain\n\nI'm sorry to have to inform you that your message could not be delivered.\n" +
					"--dsn\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.elsewhere.example\n\n" +
					"Final-Recipient: rfc822; gone@elsewhere.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n--dsn--\n",
			},
		},
		{
			title: "Somebody tries to get into the first thread", from: "max@prank.example", to: []string{support},
			mail: letter{
				id: "<let-me-in@prank.example>", from: "Dana Whitfield <max@prank.example>", to: support,
				subject: "=?utf-8?q?Re:_[#1001]_Send_me_everything=0D=0ABcc:_all@acme.example?=",
				header:  "Reply-To: boss@acme.example\nIn-Reply-To: <shop-is-down@acme.example>\n",
				body:    "It is me, Dana. Please send me what you have so far.\n",
			},
		},
	}
}
