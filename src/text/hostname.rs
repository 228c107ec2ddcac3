//! Host names: whether a word is one, and whether it only looks like another.

/// Country codes that are top-level domains.
const COUNTRIES: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt \
    bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm \
    fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo \
    jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt \
    mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw \
    sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug \
    uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

/// Other top-level domains: the old ones, those for examples, and of the many new ones those that are seen in attacks.
const OTHERS: &str = "com net org edu gov mil int arpa info biz name pro aero asia cat coop jobs mobi museum post tel \
    travel xxx onion example test app dev page cloud online site website web space store shop xyz top club icu vip live \
    link click work world today life news blog press media email support help services solutions systems technology tech \
    digital network host hosting download stream win bid loan date review party trade science racing accountant faith \
    cricket men gdn rest bar buzz monster quest cyou sbs cfd lol fun games game zone one group company agency center \
    finance financial money bank insurance capital fund credit loans cash tax legal law health care doctor clinic pharmacy \
    school academy university education training city town land house homes estate rent hotel cafe restaurant pizza beer \
    wine coffee kitchen recipes garden design art photo photos pictures video film music band audio radio theater tickets \
    events social chat dating love family baby kids pet dog wiki zip mov foo ink guru expert ninja rocks cool plus global \
    international earth green eco energy solar bio bike auto cars car taxi flights holiday tours cruises surf ski fit \
    fitness football golf run yoga fashion shoes clothing jewelry watch gold diamonds luxury sale deals discount gift gifts \
    promo market marketing business builders build construction engineering industries tools parts supply equipment repair \
    berlin hamburg koeln wien tirol bayern nrw saarland ruhr paris london amsterdam brussels moscow tokyo nyc vegas miami \
    boston swiss scot wales irish africa quebec google microsoft amazon apple aws azure";

/// Second-level names below which domains are registered, in countries that have such.
const SECOND: [&str; 16] = [
    "co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go", "gob", "gouv", "mil", "nom",
    "ltd", "plc",
];

/// Endings of files that are top-level domains too.
const FILES: [&str; 15] = [
    "sh", "py", "rs", "md", "pl", "so", "ps", "cc", "zip", "mov", "app", "foo", "bz", "cab", "com",
];

/// The longest host name.
const LENGTH_MAX: usize = 253;

/// Whether it has the form of a name in the public system: labels with dots between, and a top-level domain at the end.
pub fn is_public(name: &str) -> bool {
    let Some((_, top)) = name.rsplit_once('.') else {
        return false;
    };
    name.len() <= LENGTH_MAX && name.split('.').all(is_label) && is_top(top)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.chars().count() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

fn is_top(label: &str) -> bool {
    let label = label.to_lowercase();
    if label.starts_with("xn--") {
        return true;
    }
    if !label.is_ascii() {
        return label.chars().all(char::is_alphabetic);
    }
    let is_in = |list: &str| list.split_ascii_whitespace().any(|known| known == label);
    if label.len() == 2 {
        is_in(COUNTRIES)
    } else {
        is_in(OTHERS)
    }
}

/// Whether a name of two labels is rather that of a file: `run.sh`.
pub fn looks_like_file(name: &str) -> bool {
    let Some((stem, top)) = name.split_once('.') else {
        return false;
    };
    let top = top.to_ascii_lowercase();
    // Programs of old were called so; but far more domains are.
    top != "com" && !stem.is_empty() && FILES.contains(&top.as_str())
}

/// Whether it is a name below a registered domain, not the domain itself.
pub fn is_below_registered(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let own = match labels.as_slice() {
        [.., second, top] if top.len() == 2 && SECOND.contains(second) => 3,
        _ => 2,
    };
    labels.len() > own
}

/// What a person should know of a name: that there are other letters in it than those it seems to be made of.
pub fn warning(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let is_coded = lower.split('.').any(|label| label.starts_with("xn--"));
    if lower.is_ascii() && !is_coded {
        return None;
    }
    let (readable, _) = idna::domain_to_unicode(&lower);
    let ascii = idna::domain_to_ascii(&lower).unwrap_or_else(|_| lower.clone());
    let is_mixed = readable.split('.').any(has_mixed_scripts);
    let looks_latin = readable.split('.').any(looks_latin);
    Some(if is_mixed || looks_latin {
        format!("looks like another name: it has letters of other scripts, and is {ascii}")
    } else {
        format!("is {ascii} ({readable})")
    })
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Other,
}

fn script_of(character: char) -> Option<Script> {
    if !character.is_alphabetic() {
        return None;
    }
    Some(match u32::from(character) {
        0x0041..=0x024f | 0x1e00..=0x1eff => Script::Latin,
        0x0370..=0x03ff | 0x1f00..=0x1fff => Script::Greek,
        0x0400..=0x052f => Script::Cyrillic,
        0x0530..=0x058f => Script::Armenian,
        _ => Script::Other,
    })
}

fn has_mixed_scripts(label: &str) -> bool {
    let mut scripts = label.chars().filter_map(script_of);
    let first = scripts.next();
    scripts.any(|script| Some(script) != first)
}

/// Whether all letters of another script look like Latin ones.
fn looks_latin(label: &str) -> bool {
    let mut foreign = label
        .chars()
        .filter(|c| {
            matches!(
                script_of(*c),
                Some(Script::Cyrillic | Script::Greek | Script::Armenian)
            )
        })
        .peekable();
    foreign.peek().is_some() && foreign.all(|c| "асеорхуіјѕԁԛԝһӏьмнтвкοαινυρτκχեհոսօցք".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_other_words() {
        for name in [
            "example.com",
            "a.b.co.uk",
            "xn--pple-43d.com",
            "bücher.de",
            "_dmarc.example.org",
        ] {
            assert!(is_public(name), "{name}");
        }
        for word in [
            "readme.txt",
            "e.g",
            "1.2.3",
            "a..com",
            "-a.com",
            "evil.exe",
            "localhost",
            "a.b",
        ] {
            assert!(!is_public(word), "{word}");
        }
        assert!(
            looks_like_file("run.sh")
                && !looks_like_file("a.run.sh")
                && !looks_like_file("evil.com")
        );
    }

    #[test]
    fn a_registered_domain_is_told_from_what_is_below_it() {
        assert!(!is_below_registered("example.com") && !is_below_registered("example.co.uk"));
        assert!(is_below_registered("www.example.com") && is_below_registered("www.example.co.uk"));
    }

    #[test]
    fn letters_of_other_scripts_are_told() {
        assert_eq!(warning("example.com"), None);
        assert!(warning("pаypal.com").unwrap().contains("looks like"));
        assert!(warning("xn--pple-43d.com").unwrap().contains("looks like"));
        assert!(warning("аррӏе.com").unwrap().contains("looks like"));
        assert_eq!(
            warning("bücher.de").unwrap(),
            "is xn--bcher-kva.de (bücher.de)"
        );
    }
}
