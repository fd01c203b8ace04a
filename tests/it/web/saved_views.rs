//! Saved views of lists.

use super::filters::{PATH, link, parcels};

const ADD: &str = "/admin/elt.saved_view/add";

/// The hidden fields of the form that saves a view.
fn hidden(body: &str) -> String {
    let form = body.split(&format!("action=\"{ADD}\"")).nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    let fields = form.split("type=\"hidden\" name=\"").skip(1).map(|field| {
        let (name, rest) = field.split_once("\" value=\"").unwrap();
        let value = rest.split('"').next().unwrap().replace("&#38;", "&");
        format!("{name}={}", super::sql_page::encoded(&value))
    });
    fields.collect::<Vec<_>>().join("&")
}

#[test]
fn a_view_is_saved_for_all_accounts_and_deleted() {
    let (database, site, viewer) = parcels();
    let operator = site.signed_in(&database, "otto", "operator");
    let asked = "f.state.is=it%27s%20%26%20%3Chere%3E&sort=-weight&columns=weight&size=25";
    let here = format!("{PATH}?{asked}");
    let page = site.get(&here, &operator).is(200);
    let form = format!(
        "{}&c.view_name=Heavy+%3Cones%3E&c.description=For+Monday.",
        hidden(&page.body)
    );
    let saved = site.post(ADD, &operator, &form).is(303);
    saved.leads_to(&here.to_lowercase());
    // The form is executed once.
    site.post(ADD, &operator, &form).is(303);
    assert_eq!(
        database.text("select string_agg(concat_ws('|', relation_name, view_name, query, account_name), ';') from elt.saved_view"),
        format!("public.parcels|Heavy <ones>|{asked}|otto")
    );
    assert_eq!(
        database.text("select account_name from elt.change where table_name = 'elt.saved_view'"),
        "otto"
    );
    // Viewers see it, and can neither save nor delete one.
    let list = site
        .get(PATH, &viewer)
        .is(200)
        .says("title=\"For Monday. Saved by otto.\"");
    assert_eq!(link(&list.body, "Heavy &#60;ones&#62;"), here);
    let shown = site
        .get(&here, &viewer)
        .is(200)
        .says("30 rows, 1 to 25 shown");
    assert!(!shown.body.contains("Save this view") && !shown.body.contains("Delete this view"));
    site.post(ADD, &viewer, &form.replace("Heavy", "Mine"))
        .is(403);
    // The page of an operator offers to delete the view that it shows, and returns to the list.
    let shown = site.get(&here, &operator).is(200);
    let delete = link(&shown.body, "Delete this view");
    let confirm = site
        .get(&delete, &operator)
        .is(200)
        .says("Heavy &#60;ones&#62;");
    let fields = confirm
        .body
        .split("type=\"hidden\" name=\"")
        .skip(1)
        .map(|field| {
            let (name, rest) = field.split_once("\" value=\"").unwrap();
            format!(
                "{name}={}",
                super::sql_page::encoded(&rest.split('"').next().unwrap().replace("&#38;", "&"))
            )
        });
    let fields = fields.collect::<Vec<_>>().join("&");
    site.post(&delete, &operator, &fields)
        .is(303)
        .leads_to(&here.to_lowercase());
    assert_eq!(database.number("select count(*) from elt.saved_view"), 0);
}

#[test]
fn constraints_refuse_views_in_words() {
    let (database, site, _viewer) = parcels();
    let operator = site.signed_in(&database, "otto", "operator");
    let view = |name: &str, query: &str| {
        format!("c.relation_name=public.parcels&c.view_name={name}&c.query={query}")
    };
    site.post(ADD, &operator, &view("one", "sort=-weight"))
        .is(303);
    for (form, message) in [
        (
            view("one", "sort=weight"),
            "Another view of this table has this name.",
        ),
        (view("+", "sort=weight"), "A saved view has a name."),
        (
            view("two", "%22onclick%3D"),
            "Write the part of an address after the question mark",
        ),
        (
            view("two", "a%23b"),
            "Write the part of an address after the question mark",
        ),
        (
            view("two", "a=b").replace("public.parcels", "parcels"),
            "Write the schema and the name of the table",
        ),
    ] {
        site.post(ADD, &operator, &form).is(422).says(message);
    }
    // An address elsewhere is not followed after the form.
    let form = view("three", "a=b") + "&_back=%2F%2Felsewhere.example%2F";
    let saved = site.post(ADD, &operator, &form).is(303);
    saved.leads_to("/admin/elt.saved_view?//elsewhere.example/");
    assert_eq!(database.number("select count(*) from elt.saved_view"), 2);
}
