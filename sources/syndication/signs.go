package syndication

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sign is how one sort of page that is no feed gives itself away. A page is of a
// sort if a part of its title or main heading says so and it shows no more than a
// page of that sort does (short); or, if it shows next to nothing else (brief), if
// one of the words stands in its text, or it bears the mark of a product that
// makes such pages. Whatever is in doubt is a web page: a wrong guess would send
// somebody looking in the wrong place.
type sign struct {
	name  string
	login bool     // it must ask for something, too; a brief page for a password is one anyway
	heads []string // what a title or a heading says, folded
	words []string // what a text says, folded
	marks []string // parts of ids, addresses and scripts, in lower case
}

// signs are in order: the first that fits names the page. English, German,
// French, Spanish, Italian, Portuguese, Russian, Arabic, Chinese and Japanese.
var signs = []sign{
	{
		name: "a page that checks whether a person is asking (a bot wall)",
		heads: []string{
			"just a moment", "checking your browser", "attention required", "are you a robot",
			"verify you are human", "human verification", "please verify you are a human",
			"pardon our interruption", "ddos-guard", "bot verification", "making sure you're not a bot",
			"проверка браузера", "التحقق من الأمان", "人机验证",
		},
		words: []string{
			"checking your browser", "checking if the site connection is secure", "verifying you are human",
			"verify you are human", "verify that you are not a robot", "confirm you are not a robot",
			"needs to review the security of your connection", "enable javascript and cookies to continue",
			"complete the security check", "unusual traffic from your computer", "press & hold",
			"ihr browser wird überprüft", "bestätigen sie, dass sie ein mensch sind",
			"vérification de votre navigateur", "vérifiez que vous êtes humain", "comprobando su navegador",
			"verifique que usted es un ser humano", "verifica di essere umano", "verificando seu navegador",
			"confirme que você é humano", "проверяем ваш браузер", "подтвердите, что вы человек",
			"подтвердите, что вы не робот", "التحقق من أنك إنسان", "正在检查您的浏览器", "请完成安全验证",
			"确认您是真人", "確認您是人類", "ブラウザを確認しています", "人間であることを確認",
		},
		marks: []string{
			"_cf_chl_opt", "challenge-form", "_incapsula_resource", "captcha-delivery.com", "px-captcha",
			"sgcaptcha", "awswafcookiedomainlist", "ddos-guard", "hcaptcha.com", "recaptcha/api.js",
			"within.website/x/cmd/anubis",
		},
	},
	{
		name: "the page of a parked domain, or of one for sale",
		heads: []string{
			"domain for sale", "domain is for sale", "domain parked", "parked domain", "domain parking",
			"this domain is for sale", "this domain is parked", "domain zu verkaufen", "domaine à vendre",
			"dominio en venta", "dominio in vendita", "domínio à venda", "домен продается", "домен продаётся",
			"домен припаркован", "النطاق للبيع", "域名出售", "域名待售", "ドメイン販売中",
		},
		words: []string{
			"domain is for sale", "domain may be for sale", "domain name is for sale", "buy this domain",
			"domain is parked", "domain has expired", "domain name has expired", "inquire about this domain",
			"domain steht zum verkauf", "domain ist geparkt", "domain kaufen", "domaine est à vendre",
			"acheter ce domaine", "ce domaine est parqué", "dominio está en venta", "dominio está a la venta",
			"comprar este dominio", "dominio è in vendita", "acquista questo dominio", "domínio está à venda",
			"comprar este domínio", "домен продается", "домен продаётся", "купить этот домен",
			"срок регистрации домена истек", "هذا النطاق معروض للبيع", "هذا النطاق للبيع", "该域名可出售",
			"此域名正在出售", "域名正在出售", "购买该域名", "このドメインは売り出し中", "このドメインを購入",
		},
		marks: []string{"sedoparking.com", "parkingcrew.net", "bodis.com", "parklogic.com", `location.href="/lander"`},
	},
	{
		name: "a maintenance page",
		heads: []string{
			"under maintenance", "down for maintenance", "site maintenance", "scheduled maintenance",
			"maintenance mode", "website under maintenance", "we'll be back soon", "we will be back soon",
			"be right back", "wartungsarbeiten", "wartungsmodus", "wir sind gleich zurück", "site en maintenance",
			"maintenance en cours", "en mantenimiento", "sitio en mantenimiento", "in manutenzione",
			"sito in manutenzione", "em manutenção", "site em manutenção", "технические работы",
			"ведутся технические работы", "сайт на обслуживании", "تحت الصيانة", "الموقع تحت الصيانة", "系统维护中",
			"网站维护中", "網站維護中", "系統維護中", "メンテナンス中", "ただいまメンテナンス中", "メンテナンスのお知らせ",
		},
		words: []string{
			"undergoing maintenance", "undergoing scheduled maintenance", "down for maintenance",
			"under maintenance", "performing scheduled maintenance", "briefly unavailable for scheduled maintenance",
			"wird derzeit gewartet", "wegen wartungsarbeiten", "actuellement en maintenance",
			"en cours de maintenance", "está en mantenimiento", "tareas de mantenimiento", "è in manutenzione",
			"está em manutenção", "ведутся технические работы", "технические работы", "قيد الصيانة", "تحت الصيانة",
			"正在维护", "维护中", "正在維護", "メンテナンス中です", "メンテナンスを行っております",
		},
	},
	{
		name:  "a directory listing",
		heads: []string{"index of /", "directory listing for /", "verzeichnis von /"},
		words: []string{"parent directory name last modified", "name last modified size description", "[to parent directory]"},
	},
	{
		name: "an error page that was sent as if all was well",
		heads: []string{
			"404", "error 404", "404 error", "404 not found", "not found", "page not found", "file not found",
			"page could not be found", "page can't be found", "page does not exist", "403 forbidden", "forbidden",
			"access denied", "error 500", "internal server error", "500 internal server error",
			"502 bad gateway", "bad gateway", "service unavailable", "503 service unavailable",
			"504 gateway time-out", "gateway timeout", "an error occurred", "something went wrong",
			"error establishing a database connection", "database error", "fatal error", "account suspended",
			"fehler 404", "seite nicht gefunden", "seite wurde nicht gefunden", "zugriff verweigert",
			"erreur 404", "page non trouvée", "page introuvable", "accès refusé", "página no encontrada",
			"acceso denegado", "errore 404", "pagina non trovata", "accesso negato", "erro 404",
			"página não encontrada", "acesso negado", "ошибка 404", "страница не найдена", "доступ запрещен",
			"доступ запрещён", "الصفحة غير موجودة", "خطأ 404", "页面不存在", "页面未找到", "找不到页面", "找不到網頁",
			"访问被拒绝", "ページが見つかりません", "お探しのページは見つかりませんでした", "アクセスが拒否されました",
		},
		words: []string{
			"the page you requested could not be found", "the page you are looking for", "you don't have permission to access",
			"the requested url was not found", "error establishing a database connection", "an unexpected error occurred",
			"account has been suspended", "die angeforderte seite", "la page que vous recherchez",
			"la page demandée n'existe pas", "la página que busca no existe", "la página solicitada no",
			"la pagina richiesta non", "a página que você procura", "запрашиваемая страница не найдена",
			"الصفحة التي تبحث عنها", "您访问的页面不存在", "お探しのページは",
		},
	},
	{
		name:  "a login page",
		login: true,
		heads: []string{
			"log in", "login", "log on", "logon", "sign in", "signin", "sign on", "single sign-on",
			"authentication required", "anmelden", "anmeldung", "einloggen", "connexion", "se connecter",
			"identifiez-vous", "iniciar sesión", "inicio de sesión", "acceder", "accedi", "accesso",
			"iniciar sessão", "fazer login", "entrar", "вход", "войти", "авторизация", "вход в систему",
			"تسجيل الدخول", "登录", "登錄", "登入", "用户登录", "ログイン", "サインイン",
		},
	},
	{
		name: "a page that asks for a subscription",
		heads: []string{
			"subscribe to continue", "subscribe to read", "subscription required", "subscribers only",
			"abonnement erforderlich", "nur für abonnenten", "réservé aux abonnés", "article réservé aux abonnés",
			"solo para suscriptores", "contenuto riservato agli abbonati", "exclusivo para assinantes",
			"только для подписчиков", "للمشتركين فقط", "订阅后继续阅读", "会員限定", "有料会員限定",
		},
		words: []string{
			"subscribe to continue reading", "subscribe to keep reading", "to continue reading, subscribe",
			"become a subscriber to", "already a subscriber?", "this content is for subscribers",
			"jetzt abonnieren und weiterlesen", "um weiterzulesen", "abonnez-vous pour lire",
			"cet article est réservé aux abonnés", "suscríbete para seguir leyendo", "suscríbase para seguir leyendo",
			"abbonati per continuare", "assine para continuar lendo", "оформите подписку, чтобы",
			"доступно только подписчикам", "اشترك لمتابعة القراءة", "订阅后可阅读", "この記事は会員限定",
		},
	},
	{
		name: "a page that asks for consent (cookies)",
		heads: []string{
			"before you continue", "before you continue to", "cookie consent", "your privacy choices",
			"we value your privacy", "privacy consent", "cookie-einwilligung", "bevor sie fortfahren", "bevor du fortfährst",
			"avant de continuer", "consentement aux cookies", "antes de continuar", "consentimiento de cookies",
			"prima di continuare", "consenso ai cookie", "consentimento de cookies", "прежде чем продолжить",
			"согласие на использование файлов cookie", "قبل المتابعة", "在您继续之前", "继续之前", "続行する前に",
		},
		words: []string{
			"before you continue to", "we value your privacy", "we and our partners store and/or access",
			"we and our partners use cookies", "please accept cookies to continue", "you must accept cookies",
			"wir und unsere partner", "um fortzufahren, stimmen sie", "nous et nos partenaires",
			"accepter et continuer", "nosotros y nuestros socios", "aceptar y continuar", "noi e i nostri partner",
			"accetta e continua", "nós e os nossos parceiros", "aceitar e continuar",
			"мы и наши партнеры используем", "نحن وشركاؤنا", "我们和我们的合作伙伴", "クッキーに同意して",
		},
		marks: []string{"consent.google.", "consent.youtube.com", "consent.yahoo.com"},
	},
}

// sort says in words what the page looks like.
func (p page) sort() string {
	for _, s := range signs {
		if s.fits(p) {
			return s.name
		}
	}
	if p.shown < 100 && p.scripts > 0 && p.frames == 0 {
		return "a web page that shows nothing without JavaScript"
	}
	return "a web page"
}

func (s sign) fits(p page) bool {
	headed := p.short() && slices.ContainsFunc(p.heads, s.names)
	switch {
	case s.login:
		return p.brief() && p.password || headed && p.fields
	case headed:
		return true
	case !p.brief():
		return false
	}
	return slices.ContainsFunc(s.words, func(phrase string) bool { return says(p.text, phrase) }) ||
		slices.ContainsFunc(s.marks, func(mark string) bool { return strings.Contains(p.marks, mark) })
}

// telling is how long a phrase must be, in bytes, to tell by the beginning or the
// end of a title what the page is: "500 years of printing" is no error.
const telling = 10

// names reports whether a part of a title is one of the phrases, or begins or ends
// with one that is long enough.
func (s sign) names(part string) bool {
	return slices.ContainsFunc(s.heads, func(phrase string) bool {
		if part == phrase || len(phrase) < telling && !s.login {
			return part == phrase
		}
		return strings.HasPrefix(part, phrase) && apart(phrase, part[len(phrase):]) ||
			strings.HasSuffix(part, phrase) && apart(part[:len(part)-len(phrase)], phrase)
	})
}

// A page that shows so many characters, blanks not counted, does one thing only,
// such as asking for a password (brief), or is about one thing (short). One that
// shows more may have anything on it.
const (
	briefPage = 1000
	shortPage = 5000
)

func (p page) brief() bool { return p.shown <= briefPage }
func (p page) short() bool { return p.shown <= shortPage }

// says reports whether a phrase stands in a text, in whole words.
func says(text, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(phrase)
		if apart(text[:start], phrase) && apart(phrase, text[end:]) {
			return true
		}
		_, n := utf8.DecodeRuneInString(text[start:])
		from = start + n
	}
}

// apart reports whether a word may end between two texts: always, where no blanks
// are written between words.
func apart(before, after string) bool {
	a, _ := utf8.DecodeLastRuneInString(before)
	b, _ := utf8.DecodeRuneInString(after)
	if before == "" || after == "" || !inWord(a) || !inWord(b) {
		return true
	}
	return unicode.In(a, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		unicode.In(b, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
