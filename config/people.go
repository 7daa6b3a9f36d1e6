package config

// Agent is a person who answers customers, by mail from any of their addresses.
type Agent struct {
	// Name is how customers read the agent's name.
	Name string `yaml:"name" is:"required"`
	// Address is where the agent gets mail.
	Address string `yaml:"address" is:"required address"`
	// Addresses are others that the agent writes from.
	Addresses []string `yaml:"addresses" is:"address"`
	// Role is told to customers beside the name, such as "Support engineer".
	Role string `yaml:"role"`
	// Phone is told to customers beside the name.
	Phone string `yaml:"phone"`
	// Duty is whether new threads may go to the agent. Default `true`.
	Duty *bool `yaml:"duty"`
	// Team is the team that rules can route to.
	Team string `yaml:"team"`
	// Language is what mails to the agent are written in, such as de. Default `en`.
	Language string `yaml:"language" is:"language"`
}

// Manager is somebody who gets the digest and the escalations.
type Manager struct {
	// Name is how the manager is addressed.
	Name string `yaml:"name" is:"required"`
	// Address is where the manager gets mail.
	Address string `yaml:"address" is:"required address"`
	// Timezone is where the manager's morning is. Default: that of the digest.
	Timezone Zone `yaml:"timezone"`
	// Language is what the digest and other mails to the manager are written in, such as de. Default `en`.
	Language string `yaml:"language" is:"language"`
}

// Stakeholders are the groups that policy.*.inform can name.
type Stakeholders struct {
	// Executives are those who hear of the worst.
	Executives []string `yaml:"executives" is:"address"`
	// AllHands is everybody, usually a distribution list.
	AllHands []string `yaml:"all_hands" is:"address"`
	// Engineering is who mends it.
	Engineering []string `yaml:"engineering" is:"address"`
}

// Customer is what is known of a customer, found by address or else by domain, the most specific
// domain first. One of domain and address is needed.
type Customer struct {
	// Domain is the customer's mail domain; its subdomains count too.
	Domain string `yaml:"domain" is:"domain"`
	// Address is a single address, where the domain is shared with others.
	Address string `yaml:"address" is:"address"`
	// Name is the customer's name.
	Name string `yaml:"name"`
	// Tier is a word of yours, such as gold. It orders queues, and rules can look at it.
	Tier string `yaml:"tier"`
	// Language is what to write to them in, such as en or de. Default: the language of their mail.
	Language string `yaml:"language" is:"language"`
	// CSM is the address of the customer success manager.
	CSM string `yaml:"csm" is:"address"`
	// Channel is how else they are reached, in words, such as "Slack #acme".
	Channel string `yaml:"channel"`
	// Phone is their number, for the agent.
	Phone string `yaml:"phone"`
	// Revenue is what they pay a year, a whole number in your currency.
	Revenue int64 `yaml:"revenue" is:"0..1000000000000"`
	// Criticality is how much they depend on you, in a word of yours that rules can look at.
	Criticality string `yaml:"criticality"`
}
