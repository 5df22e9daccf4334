package config

// The types in this file are the configuration's keys. Their tags are the only
// place where a key is described: they are the decoder's law, the editors'
// schema and the tables of docs/config.md.

// file is config.yaml.
type file struct {
	placed
	Site      siteBlock        `key:"site" doc:"The paper as a whole."`
	Serve     serveBlock       `key:"serve" doc:"Where the program listens."`
	Store     value[line]      `key:"store" default:"broadsheet.db" doc:"Where articles are kept: the path of an SQLite file; PostgreSQL is not part of this version."`
	Keep      value[retention] `key:"keep" default:"forever" doc:"How long the bodies of articles are kept; their ids and keys outlive them."`
	KeepPages value[retention] `key:"keep_pages" default:"30d" doc:"How long the pages of articles are kept as they came, to be read again by a better reader; the text that was found stays as long as the article."`
	Publish   publishBlock     `key:"publish" doc:"What is written besides being served."`
	Fetch     fetchBlock       `key:"fetch" doc:"How origins are asked."`
	WebSub    websubBlock      `key:"websub" doc:"How new articles are pushed to those who subscribe (WebSub)."`
	Withdraw  list[line]       `key:"withdraw" doc:"Articles that are taken back for as long as they stand here, each by its id or link: they leave sections, archives and their own pages. source:NAME takes all of a source back. It wins over the commands withdraw and release."`
	Include   list[line]       `key:"include" doc:"More files, with wildcards, read in alphabetical order. They may hold sections, sources, lists and profiles."`
	Defaults  defaultsBlock    `key:"defaults" doc:"What holds for every source or section that does not say otherwise."`
	part
	_ struct{} `later:"filters"`
}

// included is a file that config.yaml includes.
type included struct {
	placed
	part
	_ struct{} `later:"filters" main:"site serve store keep keep_pages publish fetch websub withdraw include defaults"`
}

// part is what every file of the configuration may hold.
type part struct {
	Profiles named[profileBlock] `key:"profiles" doc:"Named sets of a source's keys, which a source takes over with profile."`
	Lists    named[wordList]     `key:"lists" doc:"Named lists of values, used in conditions as list:NAME."`
	Sections many[sectionBlock]  `key:"sections" doc:"The sections of the paper, in their order."`
	Sources  many[sourceBlock]   `key:"sources" doc:"Where articles come from."`
}

type siteBlock struct {
	Title    value[title]  `key:"title" default:"Broadsheet" doc:"The name of the paper."`
	URL      value[webURL] `key:"url" doc:"The public base URL, with a path prefix if there is one. Links and self links come from it. Default: the address of serve.listen, with a warning."`
	ID       value[line]   `key:"id" doc:"Part of every id that is minted. Default: the first site.url ever seen, kept in the store."`
	Language value[tongue] `key:"language" default:"en" doc:"The language of the paper itself, as a BCP 47 tag."`
	Timezone value[zone]   `key:"timezone" default:"UTC" doc:"The IANA time zone of cron specs and of dates that do not name theirs."`
	Contact  value[line]   `key:"contact" doc:"An e-mail address or URL by which origins can reach the operator; part of the User-Agent."`

	Images    value[line]     `key:"images" default:"link" enum:"link,proxy,none" doc:"Where the pictures on pages come from: link is the servers of their publishers, which pages say; proxy is this program, so that no publisher sees a reader; none is no pictures. Feeds keep the addresses that their sources gave."`
	Search    value[switched] `key:"search" default:"true" doc:"Pages have a search box. It needs run: for a static site say false."`
	Templates value[line]     `key:"templates" doc:"A folder of templates and styles of your own; its files take the place of those of the same names. See docs/templates.md."`
}

type serveBlock struct {
	Listen  value[address] `key:"listen" default:"127.0.0.1:8080" doc:"The address for readers: host:port, :port, unix:/path, or a socket of systemd: systemd or systemd:NAME."`
	Admin   value[address] `key:"admin" default:"127.0.0.1:8081" doc:"The address for the operator's status and health, in the same forms."`
	TLS     some[tlsBlock] `key:"tls" doc:"Readers are answered over https: with the files certificate and key, or with certificates that an authority gives (acme). Default: plain http, for a server in front."`
	HTTP    value[address] `key:"http" doc:"An address on which plain http is sent on to site.url, and questions of the ACME authority are answered; for tls only. Default: none."`
	XMLType value[line]    `key:"xml_type" default:"feed" enum:"feed,xml" doc:"What feeds are called: feed is their own types, which some browsers offer to save; xml is application/xml, which browsers show."`
}

// tlsBlock is how readers are answered over https.
type tlsBlock struct {
	placed
	Certificate value[line]   `key:"certificate" doc:"The PEM file of the certificate with its chain. It is read again when it changes."`
	Key         value[line]   `key:"key" doc:"The PEM file of the certificate's key, without a passphrase."`
	ACME        list[line]    `key:"acme" doc:"The host names to get certificates for, from an ACME authority such as Let's Encrypt, in the place of certificate and key. Using it accepts the authority's terms."`
	Email       value[line]   `key:"email" doc:"Whom the authority may write to. Default: site.contact, if that is an address."`
	Cache       value[line]   `key:"cache" default:"acme" doc:"The folder in which keys and certificates of the authority are kept."`
	Directory   value[webURL] `key:"directory" default:"https://acme-v02.api.letsencrypt.org/directory" doc:"The directory of the ACME authority."`
}

type publishBlock struct {
	Dir           value[line]     `key:"dir" doc:"A folder that run and once keep up to date as a static site, for a web server to serve. Default: none. It must be empty, or one of ours."`
	Precompressed value[switched] `key:"precompressed" default:"false" doc:"Each file of a static site has .gz, .br and .zst copies beside it, for gzip_static and its like."`
}

type fetchBlock struct {
	Every       value[cadence]   `key:"every" default:"1h" doc:"How often a source is polled: a duration, a quoted cron spec in site.timezone, or auto: as its own rhythm says."`
	Floor       value[period]    `key:"floor" default:"15m" doc:"No feed is polled more often, whatever is asked."`
	Ceiling     value[period]    `key:"ceiling" default:"24h" doc:"The longest wait of every: auto, from 1h to 7d."`
	Timeout     value[period]    `key:"timeout" default:"60s" doc:"How long one request may take, from 1s to 10m."`
	HostGap     value[period]    `key:"host_gap" default:"1s" doc:"The rest between two requests to one host, up to 1h."`
	Concurrency value[count]     `key:"concurrency" default:"32" doc:"How many polls run at once over all hosts, from 1 to 1000. Those that take over 5s go on beside them, up to 8 times as many."`
	MaxBody     value[size]      `key:"max_body" default:"15MiB" doc:"The size of an answer after decompression, from 1KiB to 1GiB; larger ones are refused."`
	Allow       list[network]    `key:"allow_networks" doc:"Private or reserved networks that may be fetched, e.g. [127.0.0.0/8]. Default: none."`
	Rules       value[line]      `key:"rules" doc:"A folder of site rules in the FiveFilters vocabulary (one HOST.txt each): how the pages of single sites are read for full text."`
	Hosts       named[hostBlock] `key:"hosts" doc:"Exceptions for a domain (arxiv.org), a host or a host:port."`
}

type hostBlock struct {
	Gap         value[period] `key:"gap" doc:"The rest between two requests there. Default: fetch.host_gap."`
	Concurrency value[count]  `key:"concurrency" default:"1" doc:"How many requests may run there at once, from 1 to 100."`
	Hold        value[line]   `key:"hold" default:"host" enum:"host,source" doc:"Whom a 429 or 503 holds: everything at the host, or only the source that was answered so."`
	Uncond      value[line]   `key:"unconditional" default:"rare" enum:"rare,never" doc:"Whether a feed that is answered 304 for ever is asked for a whole body every 8 days."`
}

type defaultsBlock struct {
	Source  profileBlock    `key:"source" doc:"For every source."`
	Section sectionDefaults `key:"section" doc:"For every section."`
}

// accessBlock is how a source, or one of its feeds, is got at.
type accessBlock struct {
	Auth    some[authBlock]    `key:"auth" doc:"What lets us in at the origin of url: user and password, bearer, or certificate and key. Not in defaults."`
	Headers named[value[line]] `key:"headers" doc:"Headers that are sent to the origin of url, for example {X-Api-Key: ${KEY}}."`
	CA      value[line]        `key:"ca" doc:"A PEM file of certificate authorities that are trusted for this source, beside those of the system."`
	Proxy   value[proxyURL]    `key:"proxy" doc:"An http://, https:// or socks5:// proxy, with name and password if it asks for them; none is the default. Proxies of the environment are ignored."`
}

// authBlock is what lets a source's operator in.
type authBlock struct {
	placed
	User        value[line] `key:"user" doc:"A name, for basic authentication with password."`
	Password    value[line] `key:"password" doc:"The password of user; \"\" if there is none."`
	Bearer      value[line] `key:"bearer" doc:"A token, sent as Authorization: Bearer."`
	Certificate value[line] `key:"certificate" doc:"The PEM file of a client certificate, with its chain."`
	Key         value[line] `key:"key" doc:"The PEM file of the certificate's key, without a passphrase; it may be the same file."`
}

// profileBlock is the keys of a source that profiles and defaults may set.
type profileBlock struct {
	Every      value[cadence]    `key:"every" doc:"How often it is polled: a duration, a quoted cron spec, or auto. Default: fetch.every."`
	Kind       value[line]       `key:"kind" default:"feed" enum:"feed" later:"page,sitemap" doc:"What is at the URL: feed is RSS, Atom or JSON Feed."`
	FullText   value[line]       `key:"full_text" default:"never" enum:"never,auto,always" doc:"Whether the article's own page is asked for its text: auto is where the feed's text is, or may be, less than the page's; always is for every article."`
	Content    list[line]        `key:"content" doc:"CSS selectors of the article's text on its page, for full_text: the first that finds something counts. Default: it is found by itself."`
	Remove     list[line]        `key:"remove" doc:"CSS selectors of what is taken out of the page, for full_text."`
	Language   value[tongue]     `key:"language" doc:"The language of articles that do not say, as a BCP 47 tag."`
	Timezone   value[zone]       `key:"timezone" doc:"The IANA time zone of dates that do not name theirs. Default: site.timezone."`
	Categories list[title]       `key:"categories" doc:"Categories added to each article."`
	Tags       list[title]       `key:"tags" doc:"Names for groups of sources, used as tag:NAME in a section and by the condition tag."`
	Sections   list[sectionName] `key:"sections" doc:"Sections that take everything from it: the same as naming it under the section."`
	Rank       value[count]      `key:"rank" doc:"Which source leads where several have one story: 1 is best; 0 or nothing is after all ranks."`
	First      value[first]      `key:"first" doc:"How many of its articles a new source may publish at once: a number, or all. Default: all, but 10 where they would come into a section that has had entries for an hour."`
	Rights     value[line]       `key:"rights" doc:"The rights of articles that do not say."`
	NoIndex    value[switched]   `key:"noindex" default:"false" doc:"Search engines are asked not to show the texts of its articles, which may have a page here."`
	Contact    value[line]       `key:"contact" doc:"Whom to write to when the source is broken; for the operator only."`
	Paused     value[switched]   `key:"paused" default:"false" doc:"It is not polled; its articles stay."`
	Push       value[switched]   `key:"push" default:"true" doc:"Whether it is subscribed to at the hub that it names; see websub."`
	accessBlock
}

// sourceBlock is one source.
type sourceBlock struct {
	placed
	Name        value[sourceName] `key:"name" need:"give each source a name of its own, for example name: gulf-wire" doc:"Its name for files and commands, unique: up to 64 of a-z 0-9 . _ - beginning with a letter or digit."`
	Title       value[title]      `key:"title" doc:"Its name for readers. Default: the feed's own title."`
	URL         value[webURL]     `key:"url" doc:"The feed. Either url or feeds."`
	Feeds       many[feedBlock]   `key:"feeds" doc:"Several feeds of one outlet; an article in more than one of them is one article."`
	Profile     value[line]       `key:"profile" doc:"A name of profiles, whose keys hold where this source says nothing."`
	Link        value[webURL]     `key:"link" doc:"Its home page. Default: the feed's own."`
	Image       value[webURL]     `key:"image" doc:"Its logo."`
	Note        value[line]       `key:"note" doc:"A remark for the operator."`
	RenamedFrom value[sourceName] `key:"renamed_from" doc:"An earlier name: its articles and ids are taken over."`
	Terms       value[line]       `key:"terms" enum:"full,excerpt,link" doc:"How much of its articles its terms of use let us publish: full is the whole text, excerpt is title, link, a short summary, picture and files, link is title and link alone. Needed if it is read with credentials, and for what its feed asks not to republish (itunes:block, podcast:block)."`
	profileBlock
	_ struct{} `later:"filters settings expect"`
}

// feedBlock is one of several feeds of a source.
type feedBlock struct {
	placed
	URL        value[webURL]     `key:"url" need:"each of several feeds has a url" doc:"The feed."`
	Every      value[cadence]    `key:"every" doc:"How often it is polled. Default: the source's."`
	Categories list[title]       `key:"categories" doc:"Categories added to each article of this feed."`
	Sections   list[sectionName] `key:"sections" doc:"Sections that take everything from this feed."`
	accessBlock
	_ struct{} `later:"settings"`
}

// sectionDefaults is the keys of a section that defaults may set.
type sectionDefaults struct {
	Limit        value[limit]     `key:"limit" default:"50" doc:"How many entries are shown; all is allowed."`
	MaxAge       value[period]    `key:"max_age" doc:"Older entries leave the section. Default: none do."`
	Min          value[count]     `key:"min" default:"0" doc:"So many of the newest stay whatever their age."`
	MaxPerSource value[count]     `key:"max_per_source" default:"0" doc:"How many entries of one source are shown, so that there is room for the others; 0 is any number. Those that are not shown are in the archive."`
	MaxShare     value[percent]   `key:"max_share" doc:"The same as a part of limit, for example 30%; the smaller of the two holds. Default: any."`
	MaxSize      value[sizeLimit] `key:"max_size" default:"250kB" doc:"How large each feed of the section may be, from 10kB, or none: fewer entries are shown, the same in all formats, but never fewer than 10."`
	ItemTitle    value[itemTitle] `key:"item_title" doc:"How its feeds write titles, for example \"{source}: {title}\". Default: the title alone."`
	Terms        value[line]      `key:"terms" enum:"full,excerpt,link" doc:"How much of an article is published here at most: all of it, title and summary, or the title alone, each with the link. Default: as much as the terms of its source allow."`
	Stories      value[line]      `key:"stories" default:"on" enum:"on,link,off" doc:"What is shown once if several sources have it: on is the same article, by its link or by its text; link is only what has the same link; off is nothing."`
	From         list[line]       `key:"from" doc:"Whose articles match looks at, in the notation of sources. Default: all."`
	Exclude      many[ruleBlock]  `key:"exclude" doc:"An article for which any of these rules holds stays out, whatever sources and match say."`
}

// sectionBlock is one section.
type sectionBlock struct {
	placed
	Name        value[sectionName] `key:"name" need:"give each section a name of its own, for example name: world" doc:"Its URL, unique: up to 64 of a-z 0-9 - beginning with a letter or digit."`
	Title       value[title]       `key:"title" doc:"Its name for readers. Default: made from the name."`
	Description value[line]        `key:"description" doc:"One sentence for readers."`
	Sources     list[line]         `key:"sources" doc:"Everything from these: a source's name, \"tag:NAME\", \"*\" for all, \"!…\" for all but."`
	Match       many[ruleBlock]    `key:"match" doc:"Articles for which any of these rules holds."`
	Parent      value[sectionName] `key:"parent" doc:"The section that gathers this one's articles with its own, and under which readers find it."`
	Image       value[webURL]      `key:"image" doc:"Its picture or logo; for a podcast a square one of 1400 to 3000 pixels."`
	Private     value[secretWord]  `key:"private" default:"false" doc:"true: it has an address that nobody can guess, which status shows, and is in no list. Any other word gives another address."`
	Podcast     some[podcastBlock] `key:"podcast" doc:"It is a podcast, and this is what podcast directories want to know."`
	Rest        value[switched]    `key:"rest" default:"false" doc:"It takes what no other section took, less exclude."`
	RenamedFrom value[sectionName] `key:"renamed_from" doc:"An earlier name: the section keeps its feed id."`
	sectionDefaults
	_ struct{} `later:"order filters"`
}

// podcastBlock is what a section that is a podcast says of itself.
type podcastBlock struct {
	placed
	Author   value[title]    `key:"author" doc:"Who makes it. Default: the title of the paper."`
	Owner    value[title]    `key:"owner" doc:"The name of whom directories write to."`
	Email    value[mailbox]  `key:"email" doc:"The owner's e-mail address; everyone can read it in the feed."`
	Category value[category] `key:"category" doc:"One of Apple's categories, for example News or News > Politics."`
	Explicit value[switched] `key:"explicit" default:"false" doc:"It is not for children."`
	Type     value[line]     `key:"type" default:"episodic" enum:"episodic,serial" doc:"Whether the newest episode is heard first, or the first one."`
}

// ruleBlock is a rule: all of its conditions must hold, each for any of its
// values.
type ruleBlock struct {
	placed
	Category list[line]   `key:"category" doc:"A category is one of these."`
	Author   list[line]   `key:"author" doc:"An author's name is one of these."`
	Source   list[line]   `key:"source" doc:"The source's name is one of these."`
	Language list[line]   `key:"language" doc:"The language is one of these: en holds for en-GB, und for unknown."`
	Tag      list[line]   `key:"tag" doc:"The source has one of these tags."`
	Title    list[line]   `key:"title" doc:"The title holds one of these as words."`
	Words    list[line]   `key:"words" doc:"Title or summary (else the first 600 characters) hold one of these as words."`
	Text     list[line]   `key:"text" doc:"The whole published text holds one of these as words."`
	URL      list[line]   `key:"url" doc:"The article's URL is one of these; * stands for anything."`
	Has      list[line]   `key:"has" enum:"audio,video,image" doc:"The article comes with one of these."`
	Longer   value[count] `key:"longer" doc:"The text has more characters."`
	Shorter  value[count] `key:"shorter" doc:"The text has fewer characters."`
	Not      *ruleBlock   `key:"not" doc:"This rule does not hold."`
	When     value[line]  `key:"when" doc:"A boolean expression over the article: see docs/matching.md."`
}
