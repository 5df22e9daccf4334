package normalise

import (
	"regexp"
	"strings"
)

// phrases makes a table of lists, one phrase a line or between bars.
func phrases(lists ...string) map[string]bool {
	out := map[string]bool{}
	for _, list := range lists {
		for p := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == '|' || r == '\n' }) {
			if p = strings.TrimSpace(p); p != "" {
				out[p] = true
			}
		}
	}
	return out
}

// The words of furniture, in lower case, as a whole block has them.
var (
	// adverts stand beside an advertisement.
	adverts = phrases(`
		advertisement|advertisements|advertising|advertisement - continue reading below|advertisement. scroll to continue reading
		article continues below advertisement|article continues after advertisement|story continues below advertisement
		story continues below|story continues after advertisement|continue reading below|skip advertisement|skip ad|remove ads
		anzeige|werbung|advertorial anzeige|artikel wird nach der werbung fortgesetzt|weiter nach der werbung
		publicité|la suite après la publicité|la suite après cette publicité|suite de l'article ci-dessous
		publicidad|anuncio|continúa después de la publicidad|publicidade|continua após a publicidade|continua depois da publicidade
		pubblicità|continua dopo la pubblicità|advertentie|lees verder na de advertentie|artikel gaat verder onder de advertentie
		annons|annonse|annonce|mainos|reklama|reklam|hirdetés|реклама|διαφήμιση|广告|廣告|広告|광고|إعلان|تبلیغات|פרסומת`)
	// pauses are those of them that stand above whatever comes next.
	pauses = phrases(`story continues below|continue reading below|suite de l'article ci-dessous`)
	// tops lead back to the top of a page.
	tops = phrases(`
		back to top|back to top button|back to the top|return to top|go to top|scroll to top|to the top|top of page|skip to content
		nach oben|zurück nach oben|zum seitenanfang|zum anfang|retour en haut|haut de page|retour en haut de page|revenir en haut
		volver arriba|ir arriba|voltar ao topo|voltar para o topo|torna su|torna all'inizio|naar boven|terug naar boven
		till toppen|tilbake til toppen|til toppen|takaisin ylös|do góry|powrót na górę|наверх|вверх|к началу|başa dön|yukarı çık
		ページトップへ|トップへ戻る|返回顶部|回到頂部|맨 위로|العودة إلى الأعلى|بازگشت به بالا`)
	// more lead on to the rest of an article.
	more = phrases(`
		read more|read the rest|read the full story|read full story|read full article|read the full article|read the whole story
		continue reading|keep reading|read on|more|full story|full article|read article|learn more|view full post|view article
		weiterlesen|mehr lesen|mehr|weiter lesen|den ganzen artikel lesen|zum artikel|lesen sie mehr
		lire la suite|lire plus|en savoir plus|lire l'article|lire la suite de l'article|lire l’article
		leer más|seguir leyendo|leer mas|continuar leyendo|ver más|leia mais|ler mais|continue lendo|continuar lendo|saiba mais
		leggi tutto|leggi di più|continua a leggere|continua|lees meer|lees verder|verder lezen|läs mer|läs vidare|les mer|læs mere|læs videre
		lue lisää|czytaj więcej|czytaj dalej|więcej|číst dál|číst více|celý článek|olvass tovább|tovább|citește mai mult|devamını oku|daha fazla
		читать далее|читать дальше|подробнее|далее|читати далі|διαβάστε περισσότερα|続きを読む|阅读全文|阅读更多|閱讀全文|더 보기|계속 읽기
		اقرأ المزيد|المزيد|ادامه مطلب|קרא עוד|और पढ़ें`)
	// moreOf are those of them that the title of the article may come after.
	moreOf = []string{
		"continue reading", "read the rest of", "read more", "read the full", "weiterlesen", "lire la suite",
		"seguir leyendo", "leer más", "continua a leggere", "leggi tutto", "lees verder", "continue lendo", "läs mer",
		"czytaj dalej", "читать далее",
	}
	// sharing are ways to share an article, or to take it along.
	sharing = phrases(`
		share|share this|share this article|share this post|share this story|share this page|share it|share via|share on|share article
		share on facebook|share on twitter|share on x|share on linkedin|share on whatsapp|share on reddit|share on pinterest
		share on telegram|share on bluesky|share on mastodon|share on threads|share via email|share by email|share via e-mail
		click to share on facebook|click to share on twitter|click to share on x|click to email this to a friend|click to print
		tweet|tweet this|pin it|post on x|email this|email a friend|e-mail this|email this article|print this|print article
		copy link|copy url|save|bookmark|save for later|like this|forward this
		teilen|beitrag teilen|artikel teilen|auf facebook teilen|auf twitter teilen|twittern|drucken|per e-mail teilen|link kopieren
		partager|partager sur facebook|partager sur twitter|partager cet article|imprimer|envoyer par e-mail|copier le lien
		compartir|compartir en facebook|compartir en twitter|compartilhar|compartilhe|partilhar|imprimir|copiar enlace
		condividi|condividi su facebook|condividi su twitter|stampa|delen|deel dit artikel|deel dit|dela|del|del på facebook|dela på facebook|jaa
		udostępnij|podziel się|sdílet|megosztás|distribuie|paylaş|поделиться|поделиться в facebook|поделитися|κοινοποίηση
		シェア|シェアする|ツイート|分享|分享到|공유|공유하기|مشاركة|شارك|اشتراک گذاری|שתף`)
	// networks are places to share at.
	networks = phrases(`
		facebook|twitter|x|linkedin|whatsapp|reddit|pinterest|telegram|bluesky|mastodon|threads|tumblr|pocket|instapaper|flipboard
		email|e-mail|mail|print|link|messenger|facebook messenger|viber|line|wechat|weibo|vk|vkontakte|odnoklassniki|xing|sms|rss
		hacker news|digg|del.icio.us|delicious|stumbleupon|google+|google|newsvine|slashdot|fark|mixx|technorati|buffer|evernote|skype`)
	// talk lead to what readers say.
	talk = phrases(`
		comments|comment|leave a comment|add a comment|post a comment|join the conversation|view comments|show comments|no comments
		no comments yet|be the first to comment|write a comment|read comments|view all comments|comments are closed
		kommentare|kommentar schreiben|keine kommentare|kommentieren|commentaires|laisser un commentaire|aucun commentaire
		comentarios|dejar un comentario|deja un comentario|sin comentarios|comentários|deixe um comentário|commenti|lascia un commento
		nessun commento|reacties|reageer|geen reacties|kommentarer|lämna en kommentar|komentarze|dodaj komentarz|brak komentarzy
		комментарии|комментарии отсутствуют|оставить комментарий|コメント|コメントする|评论|發表評論|댓글|تعليقات|اترك تعليقا`)
	// others stand above links to other articles.
	others = phrases(`
		related|related article|related articles|related post|related posts|related story|related stories|related content|related news
		related coverage|related topics|read also|also read|more stories|more like this
		more on this story|more on this topic|you may also like|you might also like|you may like|you may also be interested in
		recommended|recommended for you|recommended stories|read next|up next|what to read next|most read|most popular
		popular posts|popular now|latest news|latest stories|latest posts|trending|trending now|don't miss|don’t miss|editor's picks|editors' picks
		mehr zum thema|lesen sie auch|lesen sie mehr zum thema|auch interessant|das könnte sie auch interessieren|das könnte dich auch interessieren
		ähnliche artikel|ähnliche beiträge|verwandte artikel|weitere artikel|meistgelesen|passend dazu
		lire aussi|à lire aussi|à lire également|articles similaires|articles liés|articles connexes|sur le même sujet|sur le même thème|dans la même rubrique
		vous aimerez aussi|cela pourrait vous intéresser|les plus lus
		relacionado|relacionados|relacionada|artículos relacionados|noticias relacionadas|entradas relacionadas|lee también|lea también|te puede interesar
		también te puede interesar|más noticias|lo más leído|leia também|leia mais notícias|veja também|artigos relacionados|notícias relacionadas|posts relacionados|mais lidas
		leggi anche|articoli correlati|articoli simili|potrebbe interessarti anche|ti potrebbe interessare|correlati|i più letti
		lees ook|gerelateerd|gerelateerde artikelen|gerelateerde berichten|meer over dit onderwerp|meest gelezen|ook interessant
		läs också|läs även|relaterade artiklar|relaterat|les også|læs også|relaterte saker|relaterede artikler|lue myös
		czytaj także|czytaj też|zobacz także|zobacz też|przeczytaj także|powiązane artykuły|čtěte také|související články|kapcsolódó cikkek|citește și
		ilgili haberler|bunlar da ilginizi çekebilir|читайте также|по теме|похожие записи|похожие статьи|материалы по теме|читайте також|διαβάστε επίσης|σχετικά άρθρα
		関連記事|あわせて読みたい|相关文章|相关阅读|相關文章|延伸閱讀|관련기사|관련 기사|مقالات ذات صلة|اقرأ أيضا|اقرأ أيضًا|مطالب مرتبط|بیشتر بخوانید`)
	// sections are those of them that newsletters have as headings over links of their own.
	sections = phrases(`
		trending|trending now|most read|most popular|popular now|popular posts|latest news|latest stories|latest posts|don't miss|don’t miss
		editor's picks|editors' picks|recommended|up next|what to read next|read next|more stories|meistgelesen|les plus lus|lo más leído|mais lidas|i più letti|meest gelezen`)
)

// credit is the line with which programs sign an article in a feed.
var credit = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
	`(?:the )?(?:post|article|story|entry) .+ (?:(?:was )?(?:first )?(?:appeared|published)(?: first)?|first appeared|originally appeared) (?:on|at|in) .+`,
	`(?:der|dieser) (?:beitrag|artikel) .+ (?:erschien|ist) zuerst (?:auf|bei) .+(?: erschienen)?`,
	`(?:l[’']|cet )article .+ (?:est apparu|a été publié|est paru) (?:en premier|d[’']abord) (?:sur|dans) .+`,
	`la entrada .+ (?:se publicó primero|aparece primero|apareció primero) en .+`,
	`(?:o post|o conteúdo|o artigo) .+ (?:apareceu primeiro|aparece primeiro|foi publicado primeiro) (?:em|no|na) .+`,
	`l[’']articolo .+ (?:proviene da|sembra essere il primo su|è stato pubblicato per la prima volta su) .+`,
	`het (?:bericht|artikel) .+ (?:verscheen eerst op|is geplaatst op|werd eerst gepubliceerd op) .+`,
	`inlägget .+ (?:dök först upp på|publicerades först på) .+`,
	`(?:innlegget|indlægget) .+ (?:dukket først opp på|dukkede først op på|blev først udgivet på|ble først publisert på) .+`,
	`artikkeli .+ julkaistiin ensimmäisen kerran .+`,
	`(?:artykuł|wpis) .+ (?:pochodzi z serwisu|pojawił się najpierw|pochodzi z) .+`,
	`příspěvek .+ (?:pochází z|se nejdříve objevil na) .+`,
	`(?:запись|сообщение) .+ (?:впервые появилась|появились? сначала) (?:на|в) .+`,
	`(?:допис|запис) .+ (?:спочатку з[’']явився|вперше з[’']явився) (?:на|в) .+`,
	`articolul .+ apare prima dată (?:în|pe) .+`,
	`.+ (?:yazısı )?ilk önce .+ üzerinde ortaya çıktı`,
	`(?:投稿 ?)?.+ は .+ に最初に表示されました`,
	`.+最先出现在.+`,
	`ظهرت المقالة .+ أولاً على .+`,
	`نوشته .+ اولین بار در .+ پدیدار شد`,
}, "|") + `)\s*[.。]?$`)

// shareLinks are where a button to share leads: hosts, with the beginnings of paths
// there, and of queries after a question mark.
var shareLinks = map[string][]string{
	"facebook.com": {"/sharer", "/share.php", "/dialog/share", "/dialog/feed"}, "twitter.com": {"/intent/", "/share", "/home?status="},
	"x.com": {"/intent/", "/share"}, "linkedin.com": {"/sharearticle", "/sharing/", "/cws/share"}, "reddit.com": {"/submit"},
	"pinterest.com": {"/pin/create"}, "api.whatsapp.com": {"/send"}, "web.whatsapp.com": {"/send"}, "wa.me": {"/?text="},
	"t.me": {"/share"}, "telegram.me": {"/share"}, "tumblr.com": {"/share", "/widgets/share"}, "getpocket.com": {"/save", "/edit"},
	"news.ycombinator.com": {"/submitlink"}, "bsky.app": {"/intent/"}, "threads.net": {"/intent/"}, "threads.com": {"/intent/"},
	"vk.com": {"/share.php"}, "vkontakte.ru": {"/share.php"}, "connect.ok.ru": {"/offer"}, "ok.ru": {"/dk?st.cmd=addshare"},
	"xing.com": {"/spi/shares", "/app/user?op=share"}, "social-plugins.line.me": {"/lineit"}, "line.me": {"/r/msg", "/r/share"},
	"mix.com": {"/add", "/mixit"}, "digg.com": {"/submit"}, "stumbleupon.com": {"/submit"}, "delicious.com": {"/save", "/post"},
	"del.icio.us": {"/post"}, "plus.google.com": {"/share"}, "share.flipboard.com": {"/"}, "addtoany.com": {"/"}, "addthis.com": {"/"},
	"sharethis.com": {"/"}, "printfriendly.com": {"/print"}, "instapaper.com": {"/hello2", "/edit"}, "buffer.com": {"/add"},
	"bufferapp.com": {"/add"}, "service.weibo.com": {"/share"}, "feeds.feedburner.com": {"/~ff/", "/~f/"}, "feeds.wordpress.com": {"/1.0/"},
	"b.hatena.ne.jp": {"/add", "/entry/"}, "slashdot.org": {"/bookmark.pl"}, "technorati.com": {"/faves"}, "share.diasporafoundation.org": {"/"},
	"mastodonshare.com": {"/"}, "evernote.com": {"/clip.action"}, "blogger.com": {"/blog-this", "/share-post"}, "google.com": {"/bookmarks/mark"},
}

// isShareLink tells whether an address is that of a button to share.
func isShareLink(href string) bool {
	l, ok := absolute(href)
	if !ok {
		return false
	}
	where := strings.ToLower(l.path + l.query)
	for host := l.host; ; {
		for _, beginning := range shareLinks[host] {
			if rest, ok := strings.CutPrefix(where, beginning); ok && endsWord(beginning, rest) {
				return true
			}
		}
		_, parent, ok := strings.Cut(host, ".")
		if !ok {
			return false
		}
		host = parent
	}
}

// endsWord tells whether a word ends between the two parts of an address: "/share?url=" is
// a way to share, "/sharepoint" is a name.
func endsWord(before, after string) bool {
	word := func(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '-' }
	return after == "" || !word(before[len(before)-1]) || !word(after[0])
}
