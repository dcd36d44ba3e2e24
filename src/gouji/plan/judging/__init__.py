"""One rule -> columns of the plan: verdict, score, range, why it is open."""
