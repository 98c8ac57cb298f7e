/** Types that say who may do what and that no room of this reads yet. What speaks of access by its name counts, too. */
const OF_ACCESS =
  /^(?:aws_iam_|aws_organizations_|aws_ssoadmin_|aws_identitystore_|aws_lakeformation_|aws_ram_|aws_verifiedpermissions_|awscc_iam_|aws_cloudcontrolapi_resource$|aws_cloudformation_stack)|_(?:acl|grant|policy|permission|permissions|access_block|access_policy|allowed_principal|resource_policy|trust)$|^aws_(?:s3_bucket_ownership_controls|vpc_endpoint|eks_access_entry|lambda_layer_version_permission|glacier_vault_lock|opensearchserverless_.*policy)$/

/** What is called a policy and says nothing of who may do what. */
const OTHERWISE =
  /^aws_(?:appautoscaling_|autoscaling_|ecr_lifecycle_|ecs_|dlm_|lb_|load_balancer_|elb|proxy_protocol|route53_|network_acl|default_network_acl|networkfirewall_firewall_policy|fms_|cloudfront_|wafv?2?|backup_plan|ses_receipt|sns_topic_data_protection_|iot_(?!policy)|app_cookie|lb_ssl|s3_bucket_lifecycle|inspector|efs_backup_policy|iam_account_password_policy|iam_account_alias|iam_server_certificate|iam_signing_certificate|vpc_ipam|cloudwatch_log_data_protection_|cloudwatch_log_account_|organizations_account$|securityhub|networkmanager|globalaccelerator|api_gateway_model|memorydb_acl|elasticache)/

/** Whether resources of a type say who may do what. */
export const isOfAccess = (type: string): boolean => OF_ACCESS.test(type) && !OTHERWISE.test(type)

/** What lets somebody in, or limits ways, and changes nothing of what anybody may do once they are. */
const LEAVES_ACCESS =
  /^aws_iam_(?:access_key|instance_profile|openid_connect_provider|saml_provider|security_token_|service_specific_credential|user_login_profile|user_ssh_key|virtual_mfa_device)|^aws_vpc_endpoint(?!_service)/

/** Whether resources of a type leave as it is what each principal may do. */
export const leavesAccess = (type: string): boolean => LEAVES_ACCESS.test(type)
