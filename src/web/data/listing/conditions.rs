//! The conditions that select rows.

/// The conditions of a WHERE clause, and the values of their parameters.
#[derive(Default)]
pub(crate) struct Where {
    conditions: Vec<String>,
    pub(crate) values: Vec<String>,
}

impl Where {
    /// Adds a condition without a parameter.
    pub(super) fn add(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// Adds a condition. `condition` receives the parameter as SQL.
    pub(crate) fn and(&mut self, value: &str, condition: impl FnOnce(&str) -> String) {
        let parameter = self.parameter(value);
        self.conditions.push(condition(&parameter));
    }

    /// Adds a value, and returns its parameter as SQL.
    pub(super) fn parameter(&mut self, value: &str) -> String {
        self.values.push(value.into());
        format!("${}::text", self.values.len())
    }

    /// Adds a condition that is true for any of the given items.
    pub(crate) fn either<T>(&mut self, items: &[T], restrict: impl Fn(&T, &mut Where)) {
        let others = std::mem::take(&mut self.conditions);
        let mut any = Vec::new();
        for item in items {
            restrict(item, self);
            any.push(std::mem::take(&mut self.conditions).join(" and "));
        }
        self.conditions = others;
        self.conditions.push(format!("({})", any.join(" or ")));
    }

    /// The WHERE clause, or an empty text.
    pub(crate) fn sql(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" where {}", self.conditions.join(" and "))
        }
    }
}
