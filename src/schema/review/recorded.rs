//! The recorded schema: the migrations of the ledgers and the applied views, to build in a scratch database.

use super::cluster_wide::without_cluster_wide;
use crate::project::Project;
use crate::schema::apply::{migrations, versions, views};
use anyhow::Result;
use postgres::Client;

/// The project as the database has it: the migrations of its ledgers, without statements that act on the whole
/// server, and the applied views.
pub(super) fn recorded(client: &mut Client, project: &Project) -> Result<Project> {
    let (engine, own) = migrations::counts(client, project)?;
    let sql = if crate::schema::is_missing(client)? {
        Vec::new()
    } else {
        versions::applied_files(client)?
    };
    Ok(Project {
        database: project.database.clone(),
        create_database: project.create_database.clone(),
        engine_migrations: project.engine_migrations[..engine].to_vec(),
        project_migrations: project.project_migrations[..own]
            .iter()
            .map(without_cluster_wide)
            .collect(),
        sql,
        data: project.data.clone(),
    })
}

/// The schema in an empty database, and nothing else.
pub(super) fn build(client: &mut Client, project: &Project) -> Result<()> {
    migrations::apply(client, project, &mut |_, _| {})?;
    if !crate::schema::is_missing(client)? {
        views::apply(client, project)?;
    }
    Ok(())
}
