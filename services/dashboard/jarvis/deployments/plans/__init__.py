"""Plans of deploys: what one will make, change and remove, said before anything is done."""
