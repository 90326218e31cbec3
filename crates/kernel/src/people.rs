use crate::words;

words! {
    /// What somebody may do at an organisation and, for the first three, below it.
    Role, "role" {
        /// Runs the server's part below this node: people, organisations, storage.
        Administrator = "administrator",
        /// Approves what the school shares; sees all of the school.
        SchoolHead = "school_head",
        /// Reviews lessons of a department.
        Reviewer = "reviewer",
        /// Writes and publishes lessons.
        Teacher = "teacher",
        /// Learns.
        Pupil = "pupil",
        /// Follows a child.
        Parent = "parent",
    }
}

words! {
    /// The kind of a node in the tree of organisations; the tree has free depth.
    OrganisationKind, "kind of organisation" {
        /// Sở Giáo dục và Đào tạo.
        Department = "department",
        /// Xã, phường or đặc khu.
        Commune = "commune",
        /// A group of schools.
        Cluster = "cluster",
        /// A school.
        School = "school",
        /// Điểm trường.
        Campus = "campus",
    }
}

words! {
    /// The language somebody reads the product in.
    Locale, "language" {
        /// Vietnamese.
        Vi = "vi",
        /// English.
        En = "en",
    }
}
